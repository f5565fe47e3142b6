import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { type Tensor, tensor } from "../torch/index.js";
import { cropAndFlip, cropPadding, drawCrops } from "./augment.js";
import { randomFrom } from "./random.js";

const [n, channels, height, width] = [40, 3, 8, 8] as const;
const padding = 2;
const random = randomFrom(1, "augment test");
const pixels = Uint8Array.from({ length: n * channels * height * width }, () => 1 + random.integer(255));
const size = channels * height * width;

/** One image padded with black, cropped at (down, right) and perhaps mirrored, pixel by pixel. */
function plainCrop(sample: number, down: number, right: number, mirrored: boolean): number[] {
  const at = (c: number, y: number, x: number) => {
    const inside = y >= 0 && y < height && x >= 0 && x < width;
    return inside ? (pixels[sample * size + (c * height + y) * width + x] as number) : 0;
  };
  const result: number[] = [];
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        result.push(at(c, y + down - padding, (mirrored ? width - 1 - x : x) + right - padding));
      }
    }
  }
  return result;
}

function images(index: Int32Array): Tensor {
  const values = Array.from(index, (sample) => [...pixels.subarray(sample * size, (sample + 1) * size)]).flat();
  return tensor(Uint8Array.from(values), { shape: [index.length, channels, height, width] });
}

describe("crop and flip", () => {
  const draws = drawCrops(7, 3, n, padding);
  const order = randomFrom(2, "order").permutation(n);

  it("gives every sample what padding, cropping and mirroring it alone would give", () => {
    const result = cropAndFlip(images(order), order, draws, padding);
    expect(result.dtype).toBe("uint8");
    const plain = Array.from(order, (sample) => {
      const [down, right, mirrored] = draws.subarray(3 * sample, 3 * sample + 3) as unknown as [number, number, number];
      return plainCrop(sample, down, right, mirrored === 1);
    });
    expectAllClose(result.data(), plain.flat());
  });

  it("treats a sample alike in any batch", () => {
    const together = cropAndFlip(images(order), order, draws, padding).toArray() as number[][];
    for (const place of [0, 17, 39]) {
      const alone = order.subarray(place, place + 1);
      expect(cropAndFlip(images(alone), alone, draws, padding).toArray()).toEqual([together[place]]);
    }
  });

  it("uses every offset and mirrors half of the samples", () => {
    const many = drawCrops(0, 0, 3000, padding);
    const column = (which: number) => Array.from(many).filter((_, i) => i % 3 === which);
    for (const offsets of [column(0), column(1)]) {
      expect([...new Set(offsets)].sort()).toEqual([0, 1, 2, 3, 4]);
      for (let offset = 0; offset <= 2 * padding; offset++) {
        expect(offsets.filter((drawn) => drawn === offset).length / 3000).toBeCloseTo(1 / 5, 1);
      }
    }
    expect(column(2).reduce((sum, mirrored) => sum + mirrored, 0) / 3000).toBeCloseTo(1 / 2, 1);
  });

  it("draws anew for each epoch and seed, and the same for the same", () => {
    expect(drawCrops(7, 3, n, padding)).toEqual(draws);
    expect(drawCrops(7, 4, n, padding)).not.toEqual(draws);
    expect(drawCrops(8, 3, n, padding)).not.toEqual(draws);
  });

  it("holds offsets of images larger than a byte counts", () => {
    expect(Math.max(...drawCrops(0, 0, 3000, 200))).toBeGreaterThan(300);
  });

  it("pads 4 pixels around 32, and at least one", () => {
    expect([32, 64, 224, 8, 3].map(cropPadding)).toEqual([4, 8, 28, 1, 1]);
  });
});
