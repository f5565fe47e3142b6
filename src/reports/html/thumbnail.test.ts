import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { HeldSamples, StreamedSamples } from "../../data/index.js";
import { holdImages, thumbnail } from "./thumbnail.js";

/** Two samples whose every value tells its sample, channel and pixel. */
function pictures(channels: number, height: number, width: number): HeldSamples {
  const size = channels * height * width;
  const values = Uint8Array.from({ length: 2 * size }, (_, i) => (i * 37) % 256);
  return { values, shape: [channels, height, width], labels: Int32Array.of(0, 1) };
}

async function decode(uri: string) {
  const [head, base64 = ""] = uri.split(",");
  expect(head).toBe("data:image/webp;base64");
  return sharp(Buffer.from(base64, "base64")).raw().toBuffer({ resolveWithObject: true });
}

describe("a thumbnail", () => {
  it("holds a small color picture's pixels exactly, channels in their places", async () => {
    const samples = pictures(3, 4, 5);
    const { uri, pixelated } = await thumbnail(samples, 1);
    const { data, info } = await decode(uri);
    expect([info.width, info.height, info.channels, pixelated]).toEqual([5, 4, 3, true]);
    const planes = samples.values.subarray(60);
    const interleaved = Array.from({ length: 60 }, (_, i) => planes[(i % 3) * 20 + Math.floor(i / 3)]);
    expect([...data]).toEqual(interleaved);
  });

  it("shows one channel as gray", async () => {
    const samples = pictures(1, 3, 3);
    const { data, info } = await decode((await thumbnail(samples, 0)).uri);
    expect(info.width).toBe(3);
    expect(Array.from({ length: 9 }, (_, i) => data[i * info.channels])).toEqual([...samples.values.subarray(0, 9)]);
  });

  it("shrinks a large picture to 96 pixels and keeps its proportions", async () => {
    const { uri, pixelated } = await thumbnail(pictures(3, 60, 240), 0);
    const { info } = await decode(uri);
    expect([info.width, info.height, pixelated]).toEqual([96, 24, false]);
  });

  it("refuses a sample that is not there", async () => {
    await expect(thumbnail(pictures(1, 2, 2), 2)).rejects.toThrow("no sample 2: expected 0 to 1");
  });

  it("of a streamed picture that cannot be decoded is gray", async () => {
    const { shape, labels } = pictures(3, 4, 5);
    const files = ["a.jpg", "b.jpg"];
    const samples: StreamedSamples = { kind: "streamed", folder: "/nowhere", files, strict: false, shape, labels };
    const { data, info } = await decode((await thumbnail(samples, 1)).uri);
    expect([info.width, info.height, new Set(data)]).toEqual([5, 4, new Set([128])]);
  });

  it("is made of bytes in one or three channels only", () => {
    const labels = Int32Array.of(0, 1);
    expect([1, 2, 3, 4].map((channels) => holdImages(pictures(channels, 2, 2)))).toEqual([true, false, true, false]);
    expect(holdImages({ values: new Float32Array(24), shape: [3, 2, 2], labels })).toBe(false);
    expect(holdImages({ values: new Uint8Array(8), shape: [4], labels })).toBe(false);
  });
});
