import { describe, expect, it } from "vitest";
import { constantImages } from "./constant.js";
import type { HeldSamples } from "./types.js";

const images = (values: number[], files?: string[]): HeldSamples => ({
  values: Uint8Array.from(values),
  shape: [3, 1, 2],
  labels: new Int32Array(values.length / 6),
  ...(files && { files }),
});

describe("images of a single color", () => {
  it("are named, however many channels the color has", async () => {
    const values = [7, 7, 8, 8, 9, 9, 7, 7, 8, 8, 9, 8, 0, 0, 0, 0, 0, 0];
    expect(await constantImages(images(values, ["a.png", "b.png", "c.png"]))).toEqual([
      "images of a single color: 2 of 3, such as a.png, c.png",
    ]);
    expect(await constantImages(images([1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1]))).toEqual([]);
  });

  it("are refused where all samples are the same, embeddings too", async () => {
    const same = "all 2 training samples are the same; expected samples that differ";
    await expect(constantImages(images([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]))).rejects.toThrow(same);
    const embeddings = { values: new Float32Array(4), shape: [2], labels: Int32Array.of(0, 1) };
    await expect(constantImages(embeddings)).rejects.toThrow(same);
    expect(await constantImages({ ...embeddings, values: Float32Array.of(0, 0, 0, 1) })).toEqual([]);
  });
});
