import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fixture } from "../../../../test/support/golden.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { decodeBmp } from "./bmp.js";
import { decodeImage } from "./decode-image.js";
import { decodeImages } from "./images.js";

const folder = temporaryFolder();
const [width, height] = [5, 3];
/** Red, green, blue of each pixel from the top left; multiples of 255 / 31 and 255 / 63, so that 16 bits hold them. */
const levels = [0, 255];
const pixels = Array.from({ length: width * height }, (_, i) =>
  [i % 2, Math.floor(i / 2) % 2, Math.floor(i / 4) % 2].map((bit) => levels[bit] as number),
);

interface Layout {
  readonly bits: number;
  readonly palette?: readonly (readonly number[])[];
  readonly masks?: readonly number[];
  readonly topDown?: boolean;
  readonly headerSize?: number;
  readonly compression?: number;
}

/** A bitmap, each pixel a number of `bits` bits. */
function bitmap(values: readonly number[], layout: Layout): Buffer {
  const {
    bits,
    palette = [],
    masks = [],
    topDown = false,
    headerSize = 40,
    compression = masks.length > 0 ? 3 : 0,
  } = layout;
  const stride = 4 * Math.ceil((bits * width) / 32);
  const isCore = headerSize === 12;
  const header = Buffer.alloc(14 + Math.max(headerSize, isCore ? 12 : 40 + 4 * masks.length));
  const colors = Buffer.from(palette.flatMap(([r = 0, g = 0, b = 0]) => (isCore ? [b, g, r] : [b, g, r, 0])));
  header.write("BM", "latin1");
  header.writeUInt32LE(header.length + colors.length, 10);
  header.writeUInt32LE(headerSize, 14);
  if (isCore) [width, height, 1, bits].forEach((value, i) => void header.writeUInt16LE(value, 18 + 2 * i));
  else {
    header.writeInt32LE(width, 18);
    header.writeInt32LE(topDown ? -height : height, 22);
    header.writeUInt16LE(1, 26);
    header.writeUInt16LE(bits, 28);
    header.writeUInt32LE(compression, 30);
    masks.forEach((mask, i) => void header.writeUInt32LE(mask, 54 + 4 * i));
  }
  const body = Buffer.alloc(stride * height);
  values.forEach((value, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const row = stride * (topDown ? y : height - 1 - y);
    if (bits < 8) body[row + Math.floor((x * bits) / 8)]! |= value << (8 - bits - ((x * bits) % 8));
    else body.writeUIntLE(value, row + (x * bits) / 8, bits / 8);
  });
  return Buffer.concat([header, colors, body]);
}

const rgb24 = pixels.map(([r = 0, g = 0, b = 0]) => (r << 16) | (g << 8) | b);
const rgb16 = (greenBits: number) =>
  pixels.map(([r = 0, g = 0, b = 0]) => ((r >> 3) << (5 + greenBits)) | ((g >> (8 - greenBits)) << 5) | (b >> 3));
const eight = Array.from({ length: 8 }, (_, i) => [i % 2, (i >> 1) % 2, i >> 2].map((bit) => levels[bit] as number));
const indices = pixels.map((pixel) => eight.findIndex((color) => String(color) === String(pixel)));
const black = [0, 0, 0];
const white = [255, 255, 255];

describe("bitmaps", () => {
  it.each<[string, readonly number[], Layout]>([
    ["24 bits", rgb24, { bits: 24 }],
    ["24 bits from the top", rgb24, { bits: 24, topDown: true }],
    ["24 bits of OS/2", rgb24, { bits: 24, headerSize: 12 }],
    ["24 bits with a long header", rgb24, { bits: 24, headerSize: 124 }],
    ["32 bits, whose fourth byte is unused", rgb24, { bits: 32 }],
    [
      "32 bits in another order",
      pixels.map(([r = 0, g = 0, b = 0]) => r + 256 * g + 65536 * b),
      { bits: 32, masks: [0xff, 0xff00, 0xff0000] },
    ],
    ["15 bits", rgb16(5), { bits: 16 }],
    ["16 bits", rgb16(6), { bits: 16, masks: [0xf800, 0x7e0, 0x1f] }],
    ["8 bits by a palette", indices, { bits: 8, palette: eight }],
    ["4 bits by a palette", indices, { bits: 4, palette: eight }],
    ["4 bits by a palette of OS/2", indices, { bits: 4, palette: eight, headerSize: 12 }],
  ])("of %s are read", (_, values, layout) => {
    const { data, ...shape } = decodeBmp(bitmap(values, layout));
    expect(shape).toEqual({ width, height, channels: 3 });
    expect([...data]).toEqual(pixels.flat());
  });

  it("of 1 bit are read by their palette", () => {
    const bits = pixels.map(([r]) => (r === 255 ? 1 : 0));
    const { data } = decodeBmp(bitmap(bits, { bits: 1, palette: [white, black] }));
    expect([...data]).toEqual(bits.flatMap((bit) => (bit === 1 ? black : white)));
  });

  it("keep transparency, which becomes white", async () => {
    const values = rgb24.map((value, i) => (i === 0 ? 0 : 0x7f000000 + value));
    const masks = [0xff0000, 0xff00, 0xff, 0x7f000000];
    const file = bitmap(values, { bits: 32, masks, headerSize: 108 });
    const found = await decodeImage(file, { channels: 3, width, height });
    const planes = [0, 1, 2].map((plane) => [...found.subarray(plane * 15, plane * 15 + 3)]);
    expect(planes).toEqual([0, 1, 2].map((channel) => [255, pixels[1]?.[channel], pixels[2]?.[channel]]));
  });

  it.each<[string, () => Uint8Array, string]>([
    [
      "compressed",
      () => bitmap(indices, { bits: 8, palette: eight, compression: 1 }),
      "compressed bitmaps (RLE) are not supported",
    ],
    ["cut", () => bitmap(rgb24, { bits: 24 }).subarray(0, 80), "truncated"],
    ["cut in the header", () => bitmap(rgb24, { bits: 24 }).subarray(0, 20), "truncated"],
    [
      "without their palette's colors",
      () => bitmap(indices, { bits: 8, palette: [black] }),
      "a color is not in its palette",
    ],
    ["of 7 bits", () => bitmap([], { bits: 7 }), "of 7 bits a pixel"],
  ])("that are %s are refused with the reason", (_, file, message) => {
    expect(() => decodeBmp(file())).toThrow(message);
  });

  it("of more pixels than the limit are refused before they are decoded", () => {
    const file = bitmap(rgb24, { bits: 24 });
    file.writeInt32LE(0x7fffffff, 18);
    file.writeInt32LE(0x7fffffff, 22);
    expect(() => decodeBmp(file)).toThrow("exceeds pixel limit");
    expect(() => decodeBmp(bitmap(rgb24, { bits: 24 }), 14)).toThrow("exceeds pixel limit");
  });

  it("cut or damaged anywhere are read or refused, and nothing else", () => {
    const file = bitmap(indices, { bits: 4, palette: eight });
    for (let i = 0; i < file.length; i++) {
      for (const change of [1, 0x80]) {
        const damaged = Buffer.from(file);
        damaged[i] = (damaged[i] as number) ^ change;
        const read = (bytes: Uint8Array) => {
          try {
            decodeBmp(bytes, 10_000);
          } catch (error) {
            expect((error as Error).message).toMatch(/bitmap|pixel limit/);
          }
        };
        read(damaged);
        read(file.subarray(0, i));
      }
    }
  });

  it("lie among other images, and are other images by a wrong ending", async () => {
    const path = folder("mixed", {
      "a.bmp": bitmap(rgb24, { bits: 24 }),
      plain: bitmap(rgb24, { bits: 24 }),
      "really.bmp": readFileSync(fixture("field/photo.jfif")),
      "field.bmp": readFileSync(fixture("field/photo.bmp")),
    });
    const train = ["a.bmp", "plain", "really.bmp", "field.bmp"].map((file) => ({ file, label: 0 }));
    const { train: read, notes } = await decodeImages({ folder: path, train, test: null }, { imageSize: 32 });
    expect(read.files).toEqual(["a.bmp", "plain", "really.bmp", "field.bmp"]);
    expect(notes).toEqual(["images of 2 sizes were resized to 32 x 32 (short side, then center crop)"]);
    const expected = await decodeImage(fixture("field/ref_rgb.png"), { channels: 3, width: 32, height: 32 });
    expect(read.values.subarray(3 * 3072)).toEqual(expected);
  });
});
