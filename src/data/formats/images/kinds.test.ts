// Every kind of image file that people have, against pixels that are known.
import { readFileSync } from "node:fs";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { fixture } from "../../../../test/support/golden.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { tiffFile } from "../../../../test/support/tiff-file.js";
import { decodedSamples } from "../../loader/streamed.js";
import { decodeImage, whyNotDecoded } from "./decode-image.js";
import { decodeImages } from "./images.js";
import { streamImages } from "./stream-images.js";

const folder = temporaryFolder();
const [width, height] = [8, 4];
type Color = readonly [r: number, g: number, b: number];
const [red, lime, navy, sand]: readonly Color[] = [
  [200, 40, 40],
  [60, 180, 60],
  [30, 40, 140],
  [220, 200, 160],
] as const;
/** Four quarters of one color each, so that no way of turning or mirroring looks like another. */
const quarters = (row: number, column: number) =>
  (row < height / 2 ? [red, lime] : [navy, sand])[column < width / 2 ? 0 : 1] as Color;
const drawing = Uint8Array.from(
  Array.from({ length: width * height }, (_, i) => quarters(Math.floor(i / width), i % width)).flat(),
);
const picture = () => sharp(drawing, { raw: { width, height, channels: 3 } });

/** The corners of a decoded image: top left, top right, bottom left, bottom right. */
async function corners(file: string | Uint8Array, size: { width: number; height: number } = { width, height }) {
  const pixels = await decodeImage(file, { channels: 3, ...size });
  const plane = size.width * size.height;
  return [0, size.width - 1, plane - size.width, plane - 1].map((at) => [0, 1, 2].map((c) => pixels[c * plane + at]));
}

const turned = { width: height, height: width };
/** The corners that a viewer shows for an EXIF orientation of the same stored pixels. */
const orientations: [number, readonly Color[], { width: number; height: number }][] = [
  [1, [red, lime, navy, sand], { width, height }],
  [2, [lime, red, sand, navy], { width, height }],
  [3, [sand, navy, lime, red], { width, height }],
  [4, [navy, sand, red, lime], { width, height }],
  [5, [red, navy, lime, sand], turned],
  [6, [navy, red, sand, lime], turned],
  [7, [sand, lime, navy, red], turned],
  [8, [lime, sand, red, navy], turned],
];

describe("images as people have them", () => {
  it.each(orientations)("are upright: EXIF orientation %i", async (orientation, expected, size) => {
    const stored = await picture().withMetadata({ orientation }).png().toBuffer();
    expect(await corners(stored, size)).toEqual(expected);
    const path = folder(`turned ${orientation}`, { "a.png": stored });
    const { train } = await decodeImages({ folder: path, train: [{ file: "a.png", label: 0 }], test: null }, {});
    expect(train.shape).toEqual([3, size.height, size.width]);
  });

  const four = [red, lime, navy, sand];
  it.each<[string, (image: Sharp) => Sharp]>([
    ["a PNG with a palette", (image) => image.png({ palette: true, colors: 16 })],
    ["an interlaced PNG", (image) => image.png({ progressive: true })],
    ["a PNG with an opaque fourth channel", (image) => image.ensureAlpha().png()],
    ["a WebP without loss", (image) => image.webp({ lossless: true })],
    ["a GIF", (image) => image.gif({ dither: 0 })],
    ["a TIFF compressed by LZW", (image) => image.tiff({ compression: "lzw" })],
    ["a TIFF in tiles", (image) => image.tiff({ tile: true, tileWidth: 16, tileHeight: 16, compression: "deflate" })],
  ])("keep their pixels: %s", async (_, write) => {
    for (const [i, color] of (await corners(await write(picture()).toBuffer())).entries()) {
      expect(Math.max(...color.map((value, c) => Math.abs((value as number) - (four[i]?.[c] as number))))).toBeLessThan(
        3,
      );
    }
  });

  it("keep their colors about: a CMYK JPEG, a progressive JPEG, AVIF", async () => {
    const large = picture().resize(64, 32, { kernel: "nearest" });
    const files: [Sharp, number][] = [
      [large.clone().toColourspace("cmyk").jpeg({ quality: 100 }), 40],
      [large.clone().jpeg({ quality: 95, progressive: true }), 25],
      [large.clone().avif({ quality: 90 }), 25],
    ];
    for (const [file, most] of files) {
      const found = await corners(await file.toBuffer(), { width: 64, height: 32 });
      for (const [i, color] of found.entries()) {
        expect(
          Math.max(...color.map((value, c) => Math.abs((value as number) - (four[i]?.[c] as number)))),
        ).toBeLessThan(most);
      }
    }
  });

  it("are of one bit: black and white", async () => {
    const bits = Uint8Array.from({ length: width * height }, (_, i) => (i % width < width / 2 ? 0 : 255));
    const file = await sharp(bits, { raw: { width, height, channels: 1 } })
      .toColourspace("b-w")
      .png({ palette: true, colors: 2, bitdepth: 1 } as object)
      .toBuffer();
    const [topLeft, topRight] = await corners(file);
    expect([topLeft, topRight]).toEqual([
      [0, 0, 0],
      [255, 255, 255],
    ]);
  });

  it("are transparent in places, by a palette or by a channel: white", async () => {
    const clear = Uint8Array.from({ length: 4 * width * height }, (_, i) => {
      const pixel = Math.floor(i / 4);
      return i % 4 === 3 ? (pixel % width < width / 2 ? 0 : 255) : (drawing[3 * pixel + (i % 4)] as number);
    });
    const image = sharp(clear, { raw: { width, height, channels: 4 } });
    for (const file of [
      image.clone().png(),
      image.clone().png({ palette: true }),
      image.clone().webp({ lossless: true }),
    ]) {
      const [topLeft, topRight] = await corners(await file.toBuffer());
      expect(topLeft).toEqual([255, 255, 255]);
      expect(Math.max(...(topRight ?? []).map((value, c) => Math.abs((value as number) - lime![c]!)))).toBeLessThan(3);
    }
  });

  it.each(["gif", "webp"] as const)("move: the first frame of an animated %s", async (kind) => {
    const frames = Buffer.concat([drawing, Uint8Array.from(drawing, (value) => 255 - value)]);
    const movie = sharp(frames, { raw: { width, height: 2 * height, channels: 3, pageHeight: height } as never });
    const file = await (kind === "gif"
      ? movie.gif({ dither: 0, delay: [100, 100] })
      : movie.webp({ lossless: true })
    ).toBuffer();
    expect((await sharp(file).metadata()).pages).toBe(2);
    expect(await corners(file)).toEqual(four);
    const path = folder(kind, { [`a.${kind}`]: file });
    const { train } = await decodeImages({ folder: path, train: [{ file: `a.${kind}`, label: 0 }], test: null }, {});
    expect(train.shape).toEqual([3, height, width]);
  });

  it("cannot be read: HEIC, with the advice to convert it", async () => {
    const file = fixture("field/sample.heic");
    for (const source of [file, new Uint8Array(readFileSync(file))]) {
      const error = await decodeImage(source, { channels: 3, width, height }).catch((caught: Error) => caught);
      expect(await whyNotDecoded(source, error as Error)).toMatch(
        /^HEIC is not supported; expected JPEG or PNG, .*heif-convert/,
      );
    }
  });

  it("have deeper pixels than bytes: one range for each pixel type of the data, said in one line and kept", async () => {
    const tiff = (largest: number) =>
      tiffFile(
        Uint16Array.from({ length: 32 }, (_, i) => (largest * i) / 31),
        8,
        4,
      );
    const files = {
      "a.tif": tiff(4000),
      "b.tif": tiff(3000),
      "c.tif": tiff(60_000),
      "d.tif": tiffFile(Float32Array.of(0, 1, 0.5, 0.25), 2, 2),
    };
    const path = folder("deep", files);
    const lists = { folder: path, train: Object.keys(files).map((file) => ({ file, label: 0 })), test: null };
    const line =
      "images of more than 8 bits a value: black to white is 0 to 65535 (3), 0 to 1 (1); " +
      "2 of them stay below a quarter of it";
    const depthRanges = { ushort: [0, 65_535], float: [0, 1] };
    const decoded = await decodeImages(lists, { imageSize: 8 });
    const streamed = await streamImages(lists, { imageSize: 8 });
    for (const { notes, train } of [decoded, streamed]) {
      expect(notes).toContain(line);
      expect(train.depthRanges).toEqual(depthRanges);
    }
    const { values } = await decodedSamples(streamed.train, Int32Array.of(0, 1, 2, 3));
    expect(values).toEqual(decoded.train.values);
    const largest = (image: number) => Math.max(...decoded.train.values.subarray(192 * image, 192 * (image + 1)));
    expect([largest(0), largest(1)].map((value) => value < 20)).toEqual([true, true]);
    expect(largest(2)).toBeGreaterThan(200);
    const same = { ...lists, train: lists.train.slice(0, 2) };
    const twelve = await decodeImages(same, { imageSize: 8 });
    expect(twelve.notes).toContain("images of more than 8 bits a value: black to white is 0 to 4095 (2)");
    const given = await decodeImages(same, { imageSize: 8, depthRanges: { ushort: [0, 65_535] } });
    expect(given.train.values).toEqual(decoded.train.values.subarray(0, 2 * 192));
  });
});
