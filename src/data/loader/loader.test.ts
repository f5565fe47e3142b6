import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { liveTensors, scope } from "../../torch/index.js";
import { randomFrom } from "../random.js";
import { channelStatistics } from "../statistics.js";
import { type Augmentation, batchBounds, createLoader, epochOrder, type Loader, type LoaderOptions } from "./loader.js";

const [n, channels, side] = [12, 3, 8];
const size = channels * side * side;
const random = randomFrom(4, "loader test");
const randomPixels = (length: number) => Uint8Array.from({ length }, () => random.integer(256));
const values = randomPixels(n * size);
const normalization = { mean: [0.5, 0.4, 0.3], std: [0.25, 0.2, 0.15] };
const options: LoaderOptions = {
  samples: { values, shape: [channels, side, side], labels: new Int32Array(n) },
  normalization,
  device: "cpu",
  dtype: "float32",
};
const index = Int32Array.of(7, 0, 11, 3);

/** (pixel / 255 - mean) / std of the samples at `index`, in row-major order. */
const plain = Array.from(index, (sample) =>
  Array.from(values.subarray(sample * size, (sample + 1) * size), (pixel, i) => {
    const channel = Math.floor(i / side ** 2);
    return (pixel / 255 - (normalization.mean[channel] as number)) / (normalization.std[channel] as number);
  }),
).flat();

describe("a batch", () => {
  it("holds the pixels at the index, from 0 to 1, less the mean, over the deviation", () => {
    const loader = createLoader(options);
    const batch = loader.batch(index);
    expect([batch.shape, batch.dtype]).toEqual([[4, channels, side, side], "float32"]);
    expectAllClose(batch.data(), plain, { rtol: 1e-5, atol: 1e-6 });
    expect(batch.strides).toEqual([size, 1, channels * side, channels]);
    loader.release();
  });

  it("is normalized in float32 for a float64 network too, as the authors' is", () => {
    const [single, double] = [createLoader(options), createLoader({ ...options, dtype: "float64" })];
    const batch = double.batch(index);
    expect(batch.dtype).toBe("float64");
    expect([...(batch.data() as Float64Array)]).toEqual([...(single.batch(index).data() as Float32Array)]);
  });

  it.each([
    [3, 8, 8],
    [1, 8, 8],
    [3, 5, 7],
    [2, 9, 4],
    [4, 1, 1],
    [3, 33, 32],
  ])("of %i channels, %i x %i, is bit for bit the same from one operator and from many", (...shape) => {
    const samples = { values: randomPixels(n * shape.reduce((a, b) => a * b)), shape, labels: new Int32Array(n) };
    const statistics = channelStatistics(samples);
    const [one, many] = (["float32", "float64"] as const).map((dtype) =>
      createLoader({ ...options, samples, normalization: statistics, dtype }),
    ) as [Loader, Loader];
    const all = Int32Array.from({ length: 2 * n }, (_, i) => (5 * i) % n);
    const augmentations: (Augmentation | undefined)[] = [
      undefined,
      { seed: 0, epoch: 0 },
      { seed: 3, epoch: 9 },
      { seed: 3, epoch: 9, flip: false, padding: 0 },
      { seed: 0, epoch: 1, rotation: 15 },
      { seed: 0, epoch: 2, rotation: 180, flip: false, padding: 3 },
      { seed: 0, epoch: 2, rotation: 90, padding: 0 },
    ];
    for (const augmentation of augmentations) {
      const [single, double] = [one.batch(all, augmentation), many.batch(all, augmentation)];
      expect(single.shape).toEqual([2 * n, ...shape]);
      expect([...(single.data() as Float32Array)]).toEqual([...(double.data() as Float64Array)]);
    }
    expect(one.batch(new Int32Array(0)).shape).toEqual([0, ...shape]);
  });

  it("of samples that there are not is refused", () => {
    const loader = createLoader(options);
    expect(() => loader.batch(Int32Array.of(0, n))).toThrow(
      `the index ${n} at position 1 is not among the ${n} images`,
    );
    expect(() => loader.batch(Int32Array.of(-1), { seed: 0, epoch: 0 })).toThrow("the index -1 at position 0");
  });

  it("of arrays is normalized by feature and not scaled", () => {
    const samples = { values: Float32Array.of(1, 10, 3, 30, 5, 50), shape: [2], labels: new Int32Array(3) };
    const loader = createLoader({ ...options, samples, normalization: { mean: [3, 30], std: [2, 20] } });
    expect(loader.batch(Int32Array.of(2, 0)).toArray()).toEqual([
      [1, 1],
      [-1, -1],
    ]);
  });

  it("is augmented by the draws of its seed and epoch, whatever the batch and the order", () => {
    const loader = createLoader(options);
    const at = (of: Int32Array, seed: number, epoch: number) =>
      loader.batch(of, { seed, epoch }).toArray() as unknown[];
    const first = at(index, 1, 0);
    expect(at(index, 1, 1)).not.toEqual(first);
    expect(at(index, 2, 1)).not.toEqual(at(index, 1, 1));
    expect(at(index.toReversed(), 1, 0)).toEqual(first.toReversed());
    expect(at(Int32Array.of(11, 5), 1, 0)[0]).toEqual(first[2]);
  });

  it("is augmented in the ways asked for: turned or not, mirrored or not, with another padding", () => {
    const loader = createLoader(options);
    const at = (ways: Partial<Augmentation>) => loader.batch(index, { seed: 1, epoch: 0, ...ways }).toArray();
    expect(at({ flip: true, padding: 1, rotation: 0 })).toEqual(at({}));
    for (const ways of [{ flip: false }, { padding: 3 }, { rotation: 45 }]) expect(at(ways)).not.toEqual(at({}));
    expect(at({ flip: false, padding: 0 })).toEqual(loader.batch(index).toArray());
  });

  it("pads with black, which is normalized as any other pixel", () => {
    const white = { ...options.samples, values: new Uint8Array(n * size).fill(255) };
    const loader = createLoader({ ...options, samples: white });
    const batch = loader.batch(index, { seed: 0, epoch: 0 });
    const found = [...new Set(batch.narrow(1, 0, 1).data() as Float32Array)].sort((a, b) => a - b);
    expectAllClose(found, [(0 - 0.5) / 0.25, (1 - 0.5) / 0.25], { rtol: 1e-6 });
  });

  it("leaves nothing behind but what release gives back", () => {
    const before = liveTensors();
    const loader = createLoader(options);
    for (let i = 0; i < 3; i++) scope(() => void loader.batch(index, { seed: 0, epoch: i }));
    loader.release();
    expect(liveTensors()).toBe(before);
  });
});

describe("the order of an epoch", () => {
  const indices = Int32Array.from({ length: 50 }, (_, i) => 3 * i);

  it("has every index once", () => {
    expect(epochOrder(indices, 1, 2).toSorted()).toEqual(indices);
  });

  it("is another for another epoch or seed, and the same for the same", () => {
    expect(epochOrder(indices, 1, 2)).toEqual(epochOrder(indices, 1, 2));
    expect(epochOrder(indices, 1, 3)).not.toEqual(epochOrder(indices, 1, 2));
    expect(epochOrder(indices, 2, 2)).not.toEqual(epochOrder(indices, 1, 2));
  });
});

describe("batch bounds", () => {
  it("cover all samples without a gap, the last batch being what is left", () => {
    expect(batchBounds(10, 4)).toEqual([
      [0, 4],
      [4, 8],
      [8, 10],
    ]);
    expect(batchBounds(8, 4)).toHaveLength(2);
    expect(batchBounds(3, 8)).toEqual([[0, 3]]);
  });

  it("let a single sample left over join the batch before", () => {
    expect(batchBounds(9, 4)).toEqual([
      [0, 4],
      [4, 9],
    ]);
    expect(batchBounds(1, 4)).toEqual([[0, 1]]);
  });
});
