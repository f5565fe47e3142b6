import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { imagesOf } from "../../../test/support/images-of.js";
import { liveTensors } from "../../torch/index.js";
import { randomFrom } from "../random.js";
import { channelStatistics } from "../statistics.js";
import type { AugmentationOptions } from "./augmentation.js";
import { epochOrder } from "./batch-source.js";
import { cropDraws } from "./input.js";
import { createLoader, type Loader, type LoaderOptions } from "./loader.js";

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

it("the padding of a crop is an eighth of the smaller side", () => {
  const labels = new Int32Array(1);
  const paddingOf = (shape: readonly number[]) =>
    cropDraws({ shape, labels, values: new Uint8Array() }, { seed: 0 })(0).padding;
  expect(
    [
      [3, 64, 8],
      [3, 8, 64],
      [3, 32, 32],
    ].map(paddingOf),
  ).toEqual([1, 1, 4]);
});

describe("a batch", () => {
  it("holds the pixels at the index, from 0 to 1, less the mean, over the deviation", async () => {
    const loader = createLoader(options);
    const batch = await imagesOf(loader, index);
    expect([batch.shape, batch.dtype]).toEqual([[4, channels, side, side], "float32"]);
    expectAllClose(batch.data(), plain, { rtol: 1e-5, atol: 1e-6 });
    expect(batch.strides).toEqual([size, 1, channels * side, channels]);
    loader.release();
  });

  it("is normalized in float32 for a float64 network too, as the authors' is", async () => {
    const [single, double] = [createLoader(options), createLoader({ ...options, dtype: "float64" })];
    const batch = await imagesOf(double, index);
    expect(batch.dtype).toBe("float64");
    expect([...(batch.data() as Float64Array)]).toEqual([...((await imagesOf(single, index)).data() as Float32Array)]);
  });

  it.each([
    [3, 8, 8],
    [1, 8, 8],
    [3, 5, 7],
    [2, 9, 4],
    [4, 1, 1],
    [3, 33, 32],
  ])("of %i channels, %i x %i, is bit for bit the same from one operator and from many", async (...shape) => {
    const samples = { values: randomPixels(n * shape.reduce((a, b) => a * b)), shape, labels: new Int32Array(n) };
    const statistics = channelStatistics(samples);
    const [one, many] = (["float32", "float64"] as const).map((dtype) =>
      createLoader({ ...options, samples, normalization: statistics, dtype }),
    ) as [Loader, Loader];
    const all = Int32Array.from({ length: 2 * n }, (_, i) => (5 * i) % n);
    const augmentations: (Partial<AugmentationOptions> | undefined)[] = [
      undefined,
      { seed: 3 },
      { augment: "crop", cropPadding: 0 },
      { rotation: 15 },
      { augment: "crop", rotation: 180, cropPadding: 3 },
      { rotation: 90, cropPadding: 0 },
      { views: 2 },
    ];
    for (const [epoch, augmentation] of augmentations.entries()) {
      const sourceOf = (loader: Loader) =>
        augmentation === undefined ? loader : loader.augmented({ augment: "crop-flip", seed: 0, ...augmentation });
      const [single, double] = [await imagesOf(sourceOf(one), all, epoch), await imagesOf(sourceOf(many), all, epoch)];
      expect(single.shape).toEqual([2 * n * (augmentation?.views ?? 1), ...shape]);
      expect([...(single.data() as Float32Array)]).toEqual([...(double.data() as Float64Array)]);
    }
  });

  it("of samples that there are not is refused", async () => {
    const loader = createLoader(options);
    await expect(imagesOf(loader, Int32Array.of(0, n))).rejects.toThrow(
      `the index ${n} at position 1 is not among the ${n} images`,
    );
    const crops = loader.augmented({ augment: "crop-flip", seed: 0 });
    await expect(imagesOf(crops, Int32Array.of(-1))).rejects.toThrow("the index -1 at position 0");
  });

  it("of arrays is normalized by feature and not scaled", async () => {
    const samples = { values: Float32Array.of(1, 10, 3, 30, 5, 50), shape: [2], labels: new Int32Array(3) };
    const loader = createLoader({ ...options, samples, normalization: { mean: [3, 30], std: [2, 20] } });
    expect((await imagesOf(loader, Int32Array.of(2, 0))).toArray()).toEqual([
      [1, 1],
      [-1, -1],
    ]);
  });

  it("is not normalized without statistics: pixels are from 0 to 1, other values as they are", async () => {
    const pixels = (await imagesOf(createLoader({ samples: options.samples }), Int32Array.of(0))).data();
    expectAllClose(
      pixels,
      Array.from(values.subarray(0, size), (pixel) => pixel / 255),
      { rtol: 1e-7 },
    );
    const samples = { values: Float32Array.of(1, 10, 3, 30), shape: [2], labels: new Int32Array(2) };
    expect((await imagesOf(createLoader({ samples }), Int32Array.of(1, 0))).toArray()).toEqual([
      [3, 30],
      [1, 10],
    ]);
  });
});

describe("an augmented batch", () => {
  const loader = createLoader(options);
  const augmented = async (of: Int32Array, epoch: number, ways: Partial<AugmentationOptions> = {}) =>
    (await imagesOf(loader.augmented({ augment: "crop-flip", seed: 1, ...ways }), of, epoch)).toArray() as unknown[];

  it("has the draws of its seed and epoch, whatever the batch and the order", async () => {
    const first = await augmented(index, 0);
    expect(await augmented(index, 1)).not.toEqual(first);
    expect(await augmented(index, 1, { seed: 2 })).not.toEqual(await augmented(index, 1));
    expect(await augmented(index.toReversed(), 0)).toEqual(first.toReversed());
    expect((await augmented(Int32Array.of(11, 5), 0))[0]).toEqual(first[2]);
  });

  it("is rotated or not, flipped or not, and padded as the options say", async () => {
    const first = await augmented(index, 0);
    expect(await augmented(index, 0, { cropPadding: 1, rotation: 0 })).toEqual(first);
    for (const ways of [{ augment: "crop" }, { cropPadding: 3 }, { rotation: 45 }]) {
      expect(await augmented(index, 0, ways)).not.toEqual(first);
    }
    const plain = (await imagesOf(loader, index)).toArray();
    expect(await augmented(index, 0, { augment: "crop", cropPadding: 0 })).toEqual(plain);
    expect(await augmented(index, 0, { augment: "none" })).toEqual(plain);
  });

  it("of two views has the first views, which are those of one view, before others", async () => {
    const two = await augmented(index, 0, { views: 2 });
    expect(two.slice(0, 4)).toEqual(await augmented(index, 0));
    expect(two.slice(4)).toEqual(await augmented(index, 0, { seed: 1 + 2 ** 30 }));
  });

  it("is padded with black, which is normalized as any other pixel", async () => {
    const white = { ...options.samples, values: new Uint8Array(n * size).fill(255) };
    const crops = createLoader({ ...options, samples: white }).augmented({ augment: "crop-flip", seed: 0 });
    const reds = new Set((await imagesOf(crops, index)).narrow(1, 0, 1).data() as Float32Array);
    expectAllClose(
      [...reds].sort((a, b) => a - b),
      [(0 - 0.5) / 0.25, (1 - 0.5) / 0.25],
      { rtol: 1e-6 },
    );
  });

  it("by color views is refused of gray images and of arrays", () => {
    const samples = { values: new Uint8Array(64), shape: [1, 8, 8], labels: new Int32Array(1) };
    expect(() => createLoader({ samples }).augmented({ augment: "simclr", seed: 0 })).toThrow(
      "views are drawn of color images; received samples of 1 x 8 x 8; expected 8-bit RGB",
    );
  });
});

describe("the batches of an epoch", () => {
  it("hold each sample once, with its label, position and step; from a later start they are the same batches", async () => {
    const labels = Int32Array.from({ length: n }, (_, i) => i % 3);
    const loader = createLoader({ ...options, samples: { ...options.samples, labels } });
    const source = loader.augmented({ augment: "crop-flip", seed: 2 });
    const collect = async (start: number) => {
      const all: { index: number[]; step: number; images: unknown }[] = [];
      for await (const batch of source.batches({ batchSize: 5, epoch: 3, shuffleSeed: 1, start })) {
        expect(batch.labels).toEqual(batch.index.map((sample) => sample % 3));
        all.push({ index: [...batch.index], step: batch.step, images: batch.images.toArray() });
      }
      return all;
    };
    const all = await collect(0);
    expect(all.map(({ step, index }) => [step, index.length])).toEqual([
      [0, 5],
      [1, 5],
      [2, 2],
    ]);
    expect(all.flatMap(({ index }) => index)).toEqual([...epochOrder(Int32Array.from(labels.keys()), 1, 3)]);
    expect(await collect(1)).toEqual(all.slice(1));
    expect(await collect(3)).toEqual([]);
  });

  it("are split into parts with the same samples", async () => {
    const source = createLoader(options);
    for await (const batch of source.batches({ batchSize: n })) {
      const parts = [...batch.parts(3)].map((part) => [...part.index]);
      expect(parts.map((part) => part.length)).toEqual([4, 4, 4]);
      expect(parts.flat()).toEqual([...batch.index]);
      for (const part of batch.parts(3)) {
        const own = (batch.images.toArray() as unknown[]).slice(part.index[0], (part.index[0] as number) + 4);
        expect(part.images.toArray()).toEqual(own);
      }
    }
  });

  it("leave nothing behind, read to their end or not, but what release gives back", async () => {
    const before = liveTensors();
    for (const mostBatches of [1, 9]) {
      const loader = createLoader(options);
      const source = loader.augmented({ augment: "simclr", seed: 0, views: 2 });
      let batches = 0;
      for await (const { images, parts } of source.batches({ batchSize: 4 })) {
        expect(images.shape[0]).toBe(8);
        for (const part of parts(2)) expect(part.images.shape[0]).toBe(4);
        if (++batches === mostBatches) break;
      }
      loader.release();
    }
    expect(liveTensors()).toBe(before);
  });
});
