// Folders of pictures with something in them, for what reads image files.
import sharp from "sharp";
import { randomFrom } from "../../src/data/index.js";

/** Smooth drawings, another for each number, as JPEG or PNG. */
export async function picture(number: number, width: number, height: number, kind: "jpeg" | "png" = "jpeg") {
  const random = randomFrom(number, "picture");
  const [down, across, phase] = [random.uniform(), random.uniform(), 6 * random.uniform()];
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y, channel] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
    return 128 + 100 * Math.sin(phase + channel + (6 * across * x) / width + (6 * down * y) / height);
  });
  const image = sharp(pixels, { raw: { width, height, channels: 3 } });
  return new Uint8Array(await (kind === "png" ? image.png() : image.jpeg({ quality: 95 })).toBuffer());
}

/** `train/<class>/<i>.jpg` and `test/<class>/<i>.jpg`, of 40 x 30 pixels unless said otherwise. */
export async function pictures({ classes = 2, each = 12, tested = 3, width = 40, height = 30 } = {}) {
  const files: Record<string, Uint8Array> = {};
  for (let label = 0; label < classes; label++) {
    for (let i = 0; i < each + tested; i++) {
      const part = i < each ? "train" : "test";
      files[`${part}/class${label}/${i}.jpg`] = await picture(100 * label + i, width, height);
    }
  }
  return files;
}
