import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { picture, pictures } from "../../../test/support/picture-folder.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { liveTensors } from "../../torch/index.js";
import { readDataSet } from "../formats.js";
import { statisticsOf } from "../statistics.js";
import type { Samples, StreamedSamples } from "../types.js";
import type { AugmentationOptions } from "./augmentation.js";
import type { BatchSource } from "./batch-source.js";
import { createLoader, type Loader, storeOf } from "./loader.js";

const folder = temporaryFolder();
const normalization = { mean: [0.5, 0.4, 0.3], std: [0.25, 0.2, 0.15] };
const loaderOf = (samples: Samples, dtype: "float32" | "float64" = "float32") =>
  createLoader({ samples, normalization, device: "cpu", dtype });

async function read(path: string, options = {}) {
  const data = { imageSize: 16, ...options };
  const [held, streamed] = await Promise.all([
    readDataSet(path, data),
    readDataSet(path, { ...data, stream: "always" }),
  ]);
  return { held, streamed };
}

const indices = Int32Array.of(5, 0, 23, 7, 8, 1, 2, 3, 22);
/** The images of all batches, in order. */
async function imagesOf(source: BatchSource, epoch = 0): Promise<number[][]> {
  const all: number[][] = [];
  for await (const { index, images, step } of source.batches({ indices, batchSize: 3, epoch })) {
    expect(index).toEqual(indices.subarray(3 * step, 3 * step + 3));
    all.push(Array.from(images.data(), Number));
  }
  return all;
}

let path: string;
beforeAll(async () => {
  path = folder("pictures", await pictures());
});

describe("streamed images", () => {
  it("are listed as images in memory are, and hold no pixels", async () => {
    const { held, streamed } = await read(path);
    expect(streamed.train).toMatchObject({
      shape: held.train.shape,
      labels: held.train.labels,
      files: held.train.files,
    });
    expect(streamed.test).toMatchObject({ labels: held.test?.labels, files: held.test?.files });
    expect(streamed.train).not.toHaveProperty("values");
    expect(streamed.notes).toEqual(["30 images are streamed, each decoded to 16 x 16 when it is needed"]);
    expect(await statisticsOf(streamed.train)).toEqual(await statisticsOf(held.train));
  });

  it.each<["float32" | "float64", Partial<AugmentationOptions> | null]>([
    ["float32", null],
    ["float32", { seed: 3 }],
    ["float32", { augment: "crop", rotation: 30 }],
    ["float64", { rotation: 30, views: 2 }],
  ])("make the same batches as images in memory, bit for bit, in %s, augmented by %j", async (dtype, ways) => {
    const { held, streamed } = await read(path);
    const sourceOf = (loader: Loader) =>
      ways === null ? loader : loader.augmented({ augment: "crop-flip", seed: 0, ...ways });
    const [one, other] = [loaderOf(held.train, dtype), loaderOf(streamed.train, dtype)];
    expect(await imagesOf(sourceOf(other), 2)).toEqual(await imagesOf(sourceOf(one), 2));
  });

  it("leave nothing behind", async () => {
    const { streamed } = await read(path);
    const before = liveTensors();
    const loader = loaderOf(streamed.train);
    await imagesOf(loader);
    loader.release();
    expect(liveTensors()).toBe(before);
  });

  it("are located only in the batch that they were loaded for", async () => {
    const store = storeOf((await read(path)).streamed.train, "cpu");
    using loaded = await store.load(Int32Array.of(7, 8), 0);
    expect(loaded.locate(Int32Array.of(8), 0).rows).toEqual(Int32Array.of(1));
    expect(() => loaded.locate(Int32Array.of(7, 0), 0)).toThrow("sample 0 is not among those of the batch");
  });

  it("that cannot be decoded are skipped and noted once, or refused under strict", async () => {
    const files = { ...(await pictures()), "train/class0/1.jpg": "", "train/class0/10.jpg": new Uint8Array(0) };
    const whole = await picture(1, 64, 64);
    const broken = folder("broken", { ...files, "train/class1/5.jpg": whole.subarray(0, whole.length / 2) });
    const data = await readDataSet(broken, { imageSize: 16, stream: "always" });
    const loader = loaderOf(data.train);
    const names = data.train.files ?? [];
    const batch = Int32Array.from(["train/class0/0.jpg", "train/class1/5.jpg", "train/class0/1.jpg"], (name) =>
      names.indexOf(name),
    );
    const firstBatch = async (source: BatchSource, unreadable: "skip" | "gray") => {
      for await (const { images, ...loaded } of source.batches({ indices: batch, batchSize: 3, unreadable })) {
        return { ...loaded, shape: images.shape, gray: images.select(0, -1).data() };
      }
      throw new Error("there is no batch");
    };
    const skipped = await firstBatch(loader, "skip");
    expect(skipped).toMatchObject({ index: batch.subarray(0, 1), labels: Int32Array.of(0), shape: [1, 3, 16, 16] });
    expect(skipped.unreadable).toEqual(batch.subarray(1));
    const grayed = await firstBatch(loader, "gray");
    expect(grayed).toMatchObject({ index: batch, unreadable: batch.subarray(1), shape: [3, 3, 16, 16] });
    expect(grayed.gray[0]).toBeCloseTo((128 / 255 - 0.5) / 0.25, 5);
    const [note, ...more] = loader.notes();
    expect(note).toMatch(
      /^2 images cannot be decoded and were skipped: train\/class1\/5.jpg \(.*train\/class0\/1.jpg \(the file is empty\)$/,
    );
    expect([...more, ...loader.notes()]).toEqual([]);
    const strict = { ...data.train, strict: true } as StreamedSamples;
    const refused = firstBatch(loaderOf(strict), "skip");
    await expect(refused).rejects.toThrow("train/class1/5.jpg cannot be decoded:");
    const refusedAtOnce = readDataSet(broken, { stream: "always", strict: true });
    await expect(refusedAtOnce).rejects.toThrow("train/class0/1.jpg cannot be decoded: the file is empty");
  });

  it("are found from a manifest's folder, and refused where all pixels are needed at once", async () => {
    const rows = ["train/class0/0.jpg,a", `${join(path, "train/class1/0.jpg")},b`];
    const list = folder("listed", { ...(await pictures()), "m.csv": `file,label\n${rows.join("\n")}\n` });
    const { train } = await readDataSet(join(list, "m.csv"), { stream: "always", imageSize: 16 });
    for await (const { index } of loaderOf(train).batches({ batchSize: 2 })) expect(index).toHaveLength(2);
  });
});
