import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { fixture } from "../../../../test/support/golden.js";
import { tiffFile } from "../../../../test/support/tiff-file.js";
import { decodeImage } from "./decode-image.js";
import { valueRange } from "./deep-pixels.js";

const side = 8;
const shape = { channels: 3, height: side, width: side };
const count = side * side;
/** The same ramp from `low` to `high` in every channel. */
const ramp = (low: number, high: number, channels = 1) =>
  Array.from({ length: count * channels }, (_, i) => low + ((high - low) * Math.floor(i / channels)) / (count - 1));
const bytes = Uint8Array.from(ramp(0, 255), Math.round);
const rgb16 = (values: Uint16Array) =>
  sharp(values, { raw: { width: side, height: side, channels: 3 } })
    .toColourspace("rgb16")
    .png()
    .toBuffer();

describe("pictures of any pixel type", () => {
  it.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ["floats from 0 to 1", () => tiffFile(Float32Array.from(ramp(0, 1)), side, side)],
    ["floats from 0 to 1, in color", () => tiffFile(Float32Array.from(ramp(0, 1, 3)), side, side, 3)],
    ["floats from -1 to 1", () => tiffFile(Float32Array.from(ramp(-1, 1)), side, side)],
    ["floats from 0 to 255", () => tiffFile(Float32Array.from(ramp(0, 255)), side, side)],
    ["16 bits", () => tiffFile(Uint16Array.from(ramp(0, 65535)), side, side)],
    ["12 bits in 16", () => tiffFile(Uint16Array.from(ramp(0, 4095)), side, side)],
    ["12 bits in 16, in color", () => tiffFile(Uint16Array.from(ramp(0, 4095, 3)), side, side, 3)],
    ["16 bits in 32", () => tiffFile(Uint32Array.from(ramp(0, 65535)), side, side)],
    ["8 bits in 32", () => tiffFile(Int32Array.from(ramp(0, 255)), side, side)],
    ["numbers below zero", () => tiffFile(Int32Array.from(ramp(-1000, 1000)), side, side)],
    ["PNG of 16 bits", () => rgb16(Uint16Array.from(ramp(0, 65535, 3)))],
    ["PNG of 12 bits in 16", () => rgb16(Uint16Array.from(ramp(0, 4095, 3)))],
  ])("are scaled to bytes: %s", async (_, file) => {
    const pixels = await decodeImage(await file(), shape);
    for (const plane of [0, 1, 2]) {
      const found = pixels.subarray(plane * count, (plane + 1) * count);
      for (const [i, value] of found.entries()) expect(Math.abs(value - (bytes[i] as number))).toBeLessThanOrEqual(2);
    }
  });

  it("count in the range of their type that their values fill", () => {
    expect(valueRange("float", 0.2, 0.9)).toEqual([0, 1]);
    expect(valueRange("float", -0.5, 0.5)).toEqual([-1, 1]);
    expect(valueRange("float", 0, 3000)).toEqual([0, 3000]);
    expect([200, 900, 4095, 5000, 60_000, 100_000].map((largest) => valueRange("uint", 0, largest)[1])).toEqual([
      255, 1023, 4095, 16_383, 65_535, 100_000,
    ]);
    expect([200, 900, 4095, 5000, 60_000].map((largest) => valueRange("ushort", 0, largest)[1])).toEqual([
      255, 4095, 4095, 65_535, 65_535,
    ]);
  });

  it.each([
    ["by their own range", {}],
    ["by 12 bits", { ushort: [0, 4095] as const }],
    ["by 16 bits", { ushort: [0, 65_535] as const }],
  ])("are white where they are transparent, %s", async (_, depthRanges) => {
    const values = new Uint16Array(count * 4);
    for (let i = 0; i < count / 2; i++) values.set([0, 0, 0, 65_535], 4 * i);
    const raw = { width: side, height: side, channels: 4 as const };
    const file = await sharp(values, { raw }).toColourspace("rgb16").png().toBuffer();
    const pixels = await decodeImage(file, { ...shape, depthRanges });
    expect([pixels[0], pixels[count - 1]]).toEqual([0, 255]);
  });

  it("are scaled alike in a bright and a dark picture of 12 bits in 16", async () => {
    const [dark, bright] = await Promise.all(
      [900, 3600].map((largest) => decodeImage(tiffFile(Uint16Array.from(ramp(0, largest)), side, side), shape)),
    );
    dark!.forEach((value, i) => {
      expect(Math.abs(4 * value - bright![i]!)).toBeLessThanOrEqual(4);
    });
  });
});

describe("pictures from the field", () => {
  it.each(["float01.tif", "grey12in16.tif"])("%s is as its 8-bit copy", async (name) => {
    const entire = { channels: 1, height: 32, width: 32 };
    const [found, expected] = await Promise.all([
      decodeImage(fixture(`field/${name}`), entire),
      decodeImage(fixture("field/ref_grey.png"), entire),
    ]);
    for (const [i, value] of found.entries()) expect(Math.abs(value - (expected[i] as number))).toBeLessThanOrEqual(2);
  });
});
