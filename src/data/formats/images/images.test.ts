import sharp, { type Sharp } from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { InputError } from "../../../errors.js";
import { randomFrom } from "../../random.js";
import { assertFits, chooseSize } from "./image-size.js";
import { decodeImages } from "./images.js";

const folder = temporaryFolder();
const red = { r: 250, g: 10, b: 20 };
const flat = (width: number, height: number, background: { r: number; g: number; b: number; alpha?: number } = red) =>
  sharp({ create: { width, height, channels: background.alpha === undefined ? 3 : 4, background } });
const decode = (path: string, files: string[], options = {}) =>
  decodeImages({ folder: path, train: files.map((file, label) => ({ file, label })), test: null }, options);
/** The image whose left half is red and right half blue. */
const halves = (width: number, height: number) => {
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const isLeft = Math.floor(i / 3) % width < width / 2;
    return i % 3 === (isLeft ? 0 : 2) ? 255 : 0;
  });
  return sharp(pixels, { raw: { width, height, channels: 3 } });
};
const noise = (width: number, height: number) => {
  const random = randomFrom(1, "noise");
  const pixels = Uint8Array.from({ length: 3 * width * height }, () => random.integer(256));
  return sharp(pixels, { raw: { width, height, channels: 3 } });
};

describe("decodeImages", () => {
  let path: string;
  beforeAll(async () => {
    const png = (image: Sharp) => image.png().toBuffer();
    path = folder("images", {
      "a.png": await png(halves(6, 4)),
      "b.png": await png(flat(6, 4)),
      "gray.png": await png(flat(6, 4).greyscale().toColourspace("b-w")),
      "deep.png": await png(flat(6, 4).toColourspace("rgb16")),
      "clear.png": await png(flat(6, 4, { ...red, alpha: 0 })),
      "palette.png": await flat(6, 4).png({ palette: true }).toBuffer(),
      "turned.jpg": await halves(6, 4).withMetadata({ orientation: 6 }).jpeg({ chromaSubsampling: "4:4:4" }).toBuffer(),
      "wide.png": await png(halves(200, 100)),
      "zero.jpg": "",
      "text.png": "this is no image",
      "cut.jpg": (await noise(64, 64).jpeg().toBuffer()).subarray(0, 2000),
      "cut.png": (await png(noise(64, 64))).subarray(0, 6000),
    });
  });

  it("keeps images of one small size as they are, channels first", async () => {
    const { train, notes } = await decode(path, ["a.png", "b.png"]);
    expect(train).toMatchObject({ shape: [3, 4, 6], labels: Int32Array.of(0, 1), files: ["a.png", "b.png"] });
    expect(train.values.subarray(0, 6)).toEqual(Uint8Array.of(255, 255, 255, 0, 0, 0));
    expect(train.values.subarray(48, 54)).toEqual(Uint8Array.of(0, 0, 0, 255, 255, 255));
    expect(train.values.subarray(72, 74)).toEqual(Uint8Array.of(250, 250));
    expect(notes).toEqual([]);
  });

  it("turns gray, 16-bit, palette and transparent images into 3 channels of sRGB", async () => {
    const { train } = await decode(path, ["gray.png", "deep.png", "palette.png", "clear.png"]);
    const pixel = (image: number) => [0, 24, 48].map((plane) => train.values[image * 72 + plane]!);
    const [r, g, b] = pixel(0);
    expect(new Set([r, g, b]).size).toBe(1);
    for (const image of [1, 2]) {
      pixel(image).forEach((value, channel) => {
        expect(Math.abs(value - [250, 10, 20][channel]!)).toBeLessThan(3);
      });
    }
    expect(pixel(3)).toEqual([255, 255, 255]);
  });

  it("respects EXIF orientation: left and right become top and bottom", async () => {
    const { train } = await decode(path, ["turned.jpg"]);
    expect(train.shape).toEqual([3, 6, 4]);
    expect(train.values[0]).toBeGreaterThan(200);
    expect(train.values[5 * 4]).toBeLessThan(60);
  });

  it("brings mixed sizes to one, cropping the center, and says so once", async () => {
    const { train, notes } = await decode(path, ["wide.png", "a.png", "b.png"], { imageSize: 50 });
    expect(train.shape).toEqual([3, 50, 50]);
    expect([...train.values.subarray(0, 20)].every((value) => value === 255)).toBe(true);
    expect([...train.values.subarray(30, 50)].every((value) => value === 0)).toBe(true);
    expect(notes).toEqual(["images of 2 sizes were resized to 50 x 50 (short side, then center crop)"]);
  });

  it("names, skips and counts what cannot be decoded, and keeps the others in place", async () => {
    const files = ["zero.jpg", "a.png", "cut.png", "text.png", "cut.jpg", "b.png"];
    const { train, notes } = await decode(path, files, { imageSize: 8 });
    expect(train.files).toEqual(["a.png", "b.png"]);
    expect(train.labels).toEqual(Int32Array.of(1, 5));
    expect(train.values).toEqual((await decode(path, ["a.png", "b.png"], { imageSize: 8 })).train.values);
    expect(notes).toHaveLength(2);
    expect(notes[1]).toMatch(
      /^4 of 6 images cannot be decoded and were skipped: zero.jpg \(the file is empty\), text.png \(/,
    );
    for (const file of ["cut.png", "cut.jpg"]) expect(notes[1]).toContain(file);
  });

  it("refuses what cannot be decoded under strict, and a set of nothing else", async () => {
    const strict = decode(path, ["a.png", "zero.jpg"], { strict: true });
    await expect(strict).rejects.toThrow("zero.jpg cannot be decoded: the file is empty");
    await expect(decode(path, ["a.png", "cut.jpg"], { strict: true })).rejects.toThrow(InputError);
    await expect(decode(path, ["zero.jpg", "text.png"])).rejects.toThrow("none of 2 images can be decoded: zero.jpg");
  });
});

describe("chooseSize", () => {
  const size = (width: number, height: number) => ({ width, height });
  it.each([
    [[size(28, 28)], 28, 28],
    [[size(30, 20), size(30, 20)], 20, 30],
    [[size(500, 375), size(500, 375)], 224, 224],
    [[size(40, 100), size(90, 41), size(300, 42)], 40, 40],
    [[size(100, 100), size(110, 120), size(90, 400)], 96, 96],
    [[size(2, 3), size(3, 4)], 8, 8],
  ])("finds the size for %j", (sizes, height, width) => {
    expect(chooseSize(sizes)).toMatchObject({ height, width });
  });

  it("takes the side given, and tells of resizing only where there is any", () => {
    expect(chooseSize([size(32, 32)], 32)).toEqual({ height: 32, width: 32, note: null });
    expect(chooseSize([size(32, 32)], 64).note).toContain("images of 32 x 32 were resized to 64 x 64");
    for (const side of [0, 3, 5000, 10.5, Number.NaN]) {
      expect(() => chooseSize([size(32, 32)], side)).toThrow(`imageSize ${side} is out of range`);
    }
  });
});

describe("assertFits", () => {
  it("refuses a set larger than the memory that is free", () => {
    expect(() => assertFits(10_000, { height: 224, width: 224 }, 1e9)).toThrow(
      "10000 images of 224 x 224 need 1.5 GB decoded, and 1.0 GB of memory are free; expected fewer images",
    );
    expect(() => assertFits(100, { height: 224, width: 224 }, 1e9)).not.toThrow();
  });
});
