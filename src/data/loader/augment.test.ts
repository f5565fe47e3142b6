import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { ops, type Tensor, tensor } from "../../torch/index.js";
import { callOperator } from "../../torch/unsafe.js";
import { randomFrom } from "../random.js";
import { cropAndFlip, cropPadding, drawCrops, drawRotations, rotate } from "./augment.js";

const [n, channels, height, width] = [40, 3, 8, 8] as const;
const padding = 2;
const random = randomFrom(1, "augment test");
const pixels = Uint8Array.from({ length: n * channels * height * width }, () => 1 + random.integer(255));
const size = channels * height * width;

/** One image padded with black, cropped at (down, right) and perhaps flipped, pixel by pixel. */
function plainCrop(sample: number, down: number, right: number, flipped: boolean): number[] {
  const at = (c: number, y: number, x: number) => {
    const inside = y >= 0 && y < height && x >= 0 && x < width;
    return inside ? (pixels[sample * size + (c * height + y) * width + x] as number) : 0;
  };
  const result: number[] = [];
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        result.push(at(c, y + down - padding, (flipped ? width - 1 - x : x) + right - padding));
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

  it("gives every sample what padding, cropping and flipping it alone would give", () => {
    const result = cropAndFlip(images(order), order, draws, padding);
    expect(result.dtype).toBe("uint8");
    const plain = Array.from(order, (sample) => {
      const [down, right, flipped] = draws.subarray(3 * sample, 3 * sample + 3) as unknown as [number, number, number];
      return plainCrop(sample, down, right, flipped === 1);
    });
    expectAllClose(result.data(), plain.flat());
  });

  it("treats a sample alike in any batch", () => {
    const together = cropAndFlip(images(order), order, draws, padding).toArray() as number[][];
    for (const position of [0, 17, 39]) {
      const alone = order.subarray(position, position + 1);
      expect(cropAndFlip(images(alone), alone, draws, padding).toArray()).toEqual([together[position]]);
    }
  });

  it("uses every offset and flips half of the samples", () => {
    const many = drawCrops(0, 0, 3000, padding);
    const column = (which: number) => Array.from(many).filter((_, i) => i % 3 === which);
    for (const offsets of [column(0), column(1)]) {
      expect([...new Set(offsets)].sort()).toEqual([0, 1, 2, 3, 4]);
      for (let offset = 0; offset <= 2 * padding; offset++) {
        expect(offsets.filter((drawn) => drawn === offset).length / 3000).toBeCloseTo(1 / 5, 1);
      }
    }
    expect(column(2).reduce((sum, flipped) => sum + flipped, 0) / 3000).toBeCloseTo(1 / 2, 1);
  });

  it("draws again for each epoch and seed, and the same for the same", () => {
    expect(drawCrops(7, 3, n, padding)).toEqual(draws);
    expect(drawCrops(7, 4, n, padding)).not.toEqual(draws);
    expect(drawCrops(8, 3, n, padding)).not.toEqual(draws);
  });

  it("flips none without `flip`, and crops the same", () => {
    const plain = drawCrops(7, 3, n, padding, false);
    expect(plain).toEqual(draws.map((drawn, i) => (i % 3 === 2 ? 0 : drawn)));
    expect(plain).not.toEqual(draws);
  });

  it("holds offsets of images larger than a byte counts", () => {
    expect(Math.max(...drawCrops(0, 0, 3000, 200))).toBeGreaterThan(300);
  });

  it("pads 4 pixels around 32, and at least one", () => {
    expect([32, 64, 224, 8, 3].map(cropPadding)).toEqual([4, 8, 28, 1, 1]);
  });
});

/** One image turned by the angle of (cosine, sine), pixel by pixel. */
function plainTurn(image: readonly number[], [high, wide]: readonly [number, number], cosine: number, sine: number) {
  const [middleY, middleX] = [(high - 1) / 2, (wide - 1) / 2];
  return image.map((_, i) => {
    const [x, y] = [(i % wide) - middleX, (Math.floor(i / wide) % high) - middleY];
    const column = Math.floor(cosine * x - sine * y + middleX + 0.5);
    const row = Math.floor(sine * x + cosine * y + middleY + 0.5);
    const inside = row >= 0 && row < high && column >= 0 && column < wide;
    return inside ? (image[Math.floor(i / (high * wide)) * high * wide + row * wide + column] as number) : 0;
  });
}

describe("turning", () => {
  const steps = 2 ** 20;
  const order = randomFrom(2, "order").permutation(n);
  const sampleOf = (sample: number) => [...pixels.subarray(sample * size, (sample + 1) * size)];

  it.each([15, 90, 180])("by up to %i degrees gives every sample what turning it alone would give", (degrees) => {
    const draws = drawRotations(7, 3, n, degrees);
    const result = rotate(images(order), order, draws);
    expect([result.shape, result.dtype]).toEqual([[n, channels, height, width], "uint8"]);
    const plain = Array.from(order, (sample) => {
      const [cosine, sine] = draws.subarray(2 * sample, 2 * sample + 2) as unknown as [number, number];
      return plainTurn(sampleOf(sample), [height, width], cosine / steps, sine / steps);
    });
    expectAllClose(result.data(), plain.flat());
    expect([...(result.data() as Uint8Array)]).not.toEqual([...(images(order).data() as Uint8Array)]);
  });

  it("is counterclockwise, about the center, black coming in from outside", () => {
    const image = tensor(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), { shape: [1, 1, 3, 3] });
    const turned = (values: Tensor, cosine: number, sine: number) =>
      (
        rotate(values, Int32Array.of(0), Int32Array.of(cosine * steps, sine * steps)).toArray() as number[][][][]
      )[0]?.[0];
    expect(turned(image, 0, 1)).toEqual([
      [3, 6, 9],
      [2, 5, 8],
      [1, 4, 7],
    ]);
    const wide = tensor(Uint8Array.of(1, 2, 3), { shape: [1, 1, 1, 3] });
    expect(turned(wide, -1, 0)).toEqual([[3, 2, 1]]);
    expect(turned(wide, 0, 1)).toEqual([[0, 2, 0]]);
  });

  it("draws angles of up to that many degrees either way, all as likely, anew for each epoch and seed", () => {
    const draws = drawRotations(0, 0, 3000, 15);
    const angles = Array.from({ length: 3000 }, (_, i) => {
      const [cosine, sine] = draws.subarray(2 * i, 2 * i + 2) as unknown as [number, number];
      expect(Math.hypot(cosine, sine) / steps).toBeCloseTo(1, 5);
      return (Math.atan2(sine, cosine) * 180) / Math.PI;
    });
    expect(Math.max(...angles.map(Math.abs))).toBeLessThanOrEqual(15.001);
    for (const from of [-15, -9, -3, 3, 9]) {
      const share = angles.filter((angle) => angle >= from && angle < from + 6).length / 3000;
      expect(share).toBeCloseTo(1 / 5, 1);
    }
    expect(drawRotations(0, 0, 3000, 15)).toEqual(draws);
    expect(drawRotations(0, 1, 3000, 15)).not.toEqual(draws);
    expect(drawRotations(1, 0, 3000, 15)).not.toEqual(draws);
  });
});

describe("the fused operator", () => {
  const good = {
    images: ops.zeros([4, 3, 8, 8], { dtype: "uint8" }),
    index: tensor(Int32Array.of(0, 3)),
    crops: tensor(Int32Array.of(0, 4, 1, 2, 2, 0), { shape: [2, 3] }),
    turns: tensor(Int32Array.of(2 ** 20, 0, 0, -(2 ** 20)), { shape: [2, 2] }),
    padding,
    mean: ops.zeros([3]),
    std: ops.ones([3]),
  };
  const call = (changed: Partial<Record<keyof typeof good, unknown>>) =>
    callOperator("selfadapt::crop_flip_normalize", "", ...Object.values({ ...good, ...changed })) as Tensor;
  const crops = (...values: number[]) => tensor(Int32Array.from(values), { shape: [values.length / 3, 3] });

  it("flips and shifts the pixels of one image, black coming in from outside", () => {
    const images = tensor(Uint8Array.of(1, 2, 3, 4, 5, 6), { shape: [1, 1, 2, 3] });
    const upright = { turns: ops.zeros([0, 2], { dtype: "int32" }) };
    const statistics = { mean: ops.zeros([1]), std: tensor([1 / 255]), index: tensor(Int32Array.of(0)), ...upright };
    const at = (...crop: number[]) =>
      call({ images, ...statistics, padding: 1, crops: crops(...crop) }).toArray() as number[][][][];
    const rounded = (...crop: number[]) => at(...crop)[0]?.[0]?.map((row) => row.map(Math.round));
    expect(rounded(1, 1, 0)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(rounded(0, 2, 0)).toEqual([
      [0, 0, 0],
      [2, 3, 0],
    ]);
    expect(rounded(2, 0, 1)).toEqual([
      [5, 4, 0],
      [0, 0, 0],
    ]);
  });

  it.each<[keyof typeof good, unknown, string]>([
    [
      "images",
      ops.zeros([4, 3, 8, 8]),
      "images are contiguous uint8 of the shape (n, channels, height, width), received",
    ],
    ["images", ops.zeros([4, 3, 8], { dtype: "uint8" }), "of the shape [4, 3, 8]"],
    ["images", good.images.transpose(2, 3), "images are contiguous"],
    ["index", ops.zeros([2], { dtype: "int64" }), "the index is int32 of the shape (n), received Long"],
    ["index", tensor(Int32Array.of(0, 4)), "the index 4 at position 1 is not among the 4 images"],
    ["index", tensor(Int32Array.of(-1, 0)), "the index -1 at position 0"],
    ["crops", crops(0, 0, 0), "the crops are int32 of the shape (2, 3), received Int of the shape [1, 3]"],
    ["crops", ops.zeros([2, 3]), "received Float"],
    ["crops", crops(0, 0, 0, 5, 0, 0), "the crop at position 1 has 5; expected a number from 0 to 4"],
    ["crops", crops(0, -1, 0, 0, 0, 0), "the crop at position 0 has -1; expected a number from 0 to 4"],
    ["crops", crops(0, 0, 0, 0, 0, 2), "the crop at position 1 has 2; expected a number from 0 to 1"],
    ["turns", ops.zeros([2, 2]), "the turns are int32 of the shape (2, 2), received Float of the shape [2, 2]"],
    ["turns", ops.zeros([3, 2], { dtype: "int32" }), "received Int of the shape [3, 2]"],
    [
      "turns",
      tensor(Int32Array.of(0, 0, 0, 2 ** 20 + 1), { shape: [2, 2] }),
      "the turn at position 1 has 1048577; expected a number from -1048576 to 1048576",
    ],
    ["padding", -1, "the padding is at least 0, received -1"],
    ["mean", ops.zeros([2]), "the mean is a float32 number for each of 3 channels, received Float of the shape [2]"],
    ["std", ops.ones([3], { dtype: "float64" }), "the deviation is a float32 number for each of 3 channels"],
  ])("refuses %s that do not fit", (name, value, message) => {
    expect(call({}).shape).toEqual([2, 3, 8, 8]);
    expect(() => call({ [name]: value })).toThrow(message);
  });
});
