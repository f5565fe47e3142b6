import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { picture, pictures } from "../../../test/support/picture-folder.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { liveTensors, scope } from "../../torch/index.js";
import { readDataSet } from "../formats.js";
import { statisticsOf } from "../statistics.js";
import type { Samples, StreamedSamples } from "../types.js";
import { type Augmentation, createLoader, type Loader } from "./loader.js";

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

const batches = [Int32Array.of(5, 0, 23), Int32Array.of(7, 8), Int32Array.of(1, 2, 3, 22)];
/** All batches, fetched in order. */
async function shown(loader: Loader, augmentation?: Augmentation): Promise<number[][]> {
  const all: number[][] = [];
  for (const [at, batch] of batches.entries()) {
    expect(await loader.fetch(batches, at)).toEqual(batch);
    all.push(scope(() => Array.from(loader.batch(batch, augmentation).data(), Number)));
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

  it.each<["float32" | "float64", Augmentation | undefined]>([
    ["float32", undefined],
    ["float32", { seed: 3, epoch: 2 }],
    ["float32", { seed: 3, epoch: 2, rotation: 30, flip: false }],
    ["float64", { seed: 3, epoch: 2, rotation: 30 }],
  ])("make the same batches as images in memory, bit for bit, in %s, as changed by %j", async (dtype, augmentation) => {
    const { held, streamed } = await read(path);
    const [one, other] = [loaderOf(held.train, dtype), loaderOf(streamed.train, dtype)];
    expect(await shown(other, augmentation)).toEqual(await shown(one, augmentation));
  });

  it("leave nothing behind", async () => {
    const { streamed } = await read(path);
    const before = liveTensors();
    const loader = loaderOf(streamed.train);
    await shown(loader);
    loader.release();
    expect(liveTensors()).toBe(before);
  });

  it("are asked for only after they were fetched", async () => {
    const loader = loaderOf((await read(path)).streamed.train);
    await loader.fetch(batches, 1);
    expect(() => loader.batch(Int32Array.of(7, 0))).toThrow("sample 0 was located before it was fetched");
  });

  it("that cannot be decoded are skipped and told of once, or refused under strict", async () => {
    const files = { ...(await pictures()), "train/class0/1.jpg": "", "train/class0/10.jpg": new Uint8Array(0) };
    const whole = await picture(1, 64, 64);
    const broken = folder("broken", { ...files, "train/class1/5.jpg": whole.subarray(0, whole.length / 2) });
    const data = await readDataSet(broken, { imageSize: 16, stream: "always" });
    const loader = loaderOf(data.train);
    const names = data.train.files ?? [];
    const batch = Int32Array.from(["train/class0/0.jpg", "train/class1/5.jpg", "train/class0/1.jpg"], (name) =>
      names.indexOf(name),
    );
    expect(await loader.fetch([batch], 0)).toEqual(batch.subarray(0, 1));
    await loader.fetch([batch.slice()], 0);
    const [note, ...more] = loader.notes();
    expect(note).toMatch(
      /^2 images cannot be decoded and were skipped: train\/class1\/5.jpg \(.*train\/class0\/1.jpg \(the file is empty\)$/,
    );
    expect([...more, ...loader.notes()]).toEqual([]);
    const strict = { ...data.train, strict: true } as StreamedSamples;
    const refused = loaderOf(strict).fetch([batch], 0);
    await expect(refused).rejects.toThrow("train/class1/5.jpg cannot be decoded:");
    const read = readDataSet(broken, { stream: "always", strict: true });
    await expect(read).rejects.toThrow("train/class0/1.jpg cannot be decoded: the file is empty");
  });

  it("are found from a manifest's folder, and refused where all pixels are needed at once", async () => {
    const rows = ["train/class0/0.jpg,a", `${join(path, "train/class1/0.jpg")},b`];
    const list = folder("listed", { ...(await pictures()), "m.csv": `file,label\n${rows.join("\n")}\n` });
    const { train } = await readDataSet(join(list, "m.csv"), { stream: "always", imageSize: 16 });
    expect(await loaderOf(train).fetch([Int32Array.of(0, 1)], 0)).toHaveLength(2);
  });
});
