import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { held } from "../../test/support/held.js";
import { cifarBatch, embeddings, photos } from "../../test/support/small-data.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { fingerprint, parseNpy, type Samples, shapesDataSet, shapesName, writeNpy } from "../data/index.js";
import type { EpochMetrics } from "./files/epoch-metrics.js";
import type { RunSummary } from "./files/run-summary.js";
import { type Prepared, prepare } from "./prepare.js";
import { parseRecipe, type RecipeInput, withAbsolutePaths } from "./recipe/schema.js";
import { createRun, isFinished, readMetrics, resumeRun, writeEpoch, writeSummary } from "./run-folder.js";

const folder = temporaryFolder();
const records = Array.from({ length: 200 }, (_, i) => i % 10);
const cifar = folder("cifar", { "data_batch_1.bin": cifarBatch(records), "test_batch.bin": cifarBatch(records) });
const matrix = Array.from({ length: 10 }, (_, i) => Array.from({ length: 10 }, (__, j) => (i === j ? 0.6 : 0.4 / 9)));
const files = folder("files", {
  "matrix.csv": matrix.join("\n"),
  "noisy_idx_labels.npy": writeNpy(Int32Array.of(3, 9, 0, 1), [2, 2]),
  "noisy_idx_images.npy": writeNpy(Int32Array.of(2, 11)),
});
const prepared = (noise: string, data = cifar) => prepare(parseRecipe({ data, noise, device: "cpu" }));
const wrong = ({ train, cleanLabels }: Prepared) =>
  cleanLabels === null ? 0 : train.labels.filter((label, i) => label !== cleanLabels[i]).length;

describe("a run's data", () => {
  // 20 records a class; asymmetric noise touches five of the ten classes.
  it.each([
    ["none", 0],
    ["asymmetric:0.4", 40],
    ["asymmetric:0.4:frog=ship", 8],
    ["pair:0.4", 80],
    ["instance:0.4", 80],
    [`matrix:${join(files, "matrix.csv")}`, 80],
    [`file:${join(files, "noisy_idx_labels.npy")}`, 2],
  ])(
    "under %s has that many wrong labels, the clean ones known, and is the data as read otherwise",
    async (noise, count) => {
      const run = await prepared(noise);
      expect(wrong(run)).toBe(count);
      expect(run.noise).toHaveLength(2 * count);
      expect(run.cleanLabels).toEqual(count === 0 ? null : Int32Array.from(records));
      expect(run.corruptedImages).toHaveLength(0);
      expect(run.fingerprint).toBe((await prepared("none")).fingerprint);
    },
  );

  it.each(["gaussian:0.1", "random-pixels:0.1", "shuffled-pixels:0.1"])("under %s keeps its labels", async (noise) => {
    const [run, plain] = [await prepared(noise), await prepared("none")];
    expect(run.corruptedImages).toHaveLength(20);
    expect(run.cleanLabels).toBeNull();
    expect(run.noise).toHaveLength(0);
    expect(run.train.labels).toEqual(plain.train.labels);
    expect(run.fingerprint).toBe(plain.fingerprint);
    expect(run.normalization).toEqual(plain.normalization);
    expect(Buffer.compare(held(run.test!).values as Uint8Array, held(plain.test!).values as Uint8Array)).toBe(0);
  });

  it("under image noise has other pixels, and tells so by the fingerprint of what is trained on", async () => {
    const data = folder("photos", await photos(["cat", "dog"], { each: 10 }));
    const gaussian = await prepared(`gaussian:${join(files, "noisy_idx_images.npy")}`, data);
    const plain = await prepared("none", data);
    const differing = gaussian.train.files?.filter((_, i) => {
      const image = ({ train }: Prepared) =>
        held(train)
          .values.subarray(i * 768, (i + 1) * 768)
          .join();
      return image(gaussian) !== image(plain);
    });
    expect(differing).toEqual([2, 11].map((i) => plain.train.files?.[i]));
    expect(gaussian.labelsFingerprint).not.toBe(plain.labelsFingerprint);
  });

  it("without labels is any folder of images, for methods that learn without; others, probes among them, refuse it", async () => {
    const given = Object.values(await photos(["red", "green"], { each: 6 }));
    const data = folder("plain photos", Object.fromEntries(given.map((image, i) => [`${i}.png`, image])));
    const recipe = { data, objective: "simsiam", device: "cpu" } as const;
    const run = await prepare(parseRecipe(recipe));
    expect(run.train.labels).toEqual(new Int32Array(12).fill(-1));
    expect(run.classes).toEqual(["unlabeled"]);
    await expect(prepare(parseRecipe({ ...recipe, objective: "ce" }))).rejects.toThrow(
      "images without a class, such as",
    );
    const noisy = prepare(parseRecipe({ ...recipe, noise: "symmetric:0.4" }));
    await expect(noisy).rejects.toThrow("`noise: symmetric:0.4` is for labeled samples; 12 of 12 have no label");
    const tested = prepare(parseRecipe({ ...recipe, testFraction: 0.2 }));
    await expect(tested).rejects.toThrow("needs two samples of a class or more: this data has none");
  });

  it("of a few records keeps to those, noise and clean labels too", async () => {
    const run = await prepare(parseRecipe({ data: cifar, noise: "pair:0.5", limitTrain: 30, device: "cpu" }));
    expect(run.train.labels).toHaveLength(30);
    expect(run.cleanLabels).toEqual(Int32Array.from(records.slice(0, 30)));
    expect(wrong(run)).toBe(10);
  });

  it("of arrays takes noise of labels, and refuses noise of images", async () => {
    const data = folder("arrays", embeddings());
    for (const noise of ["pair:0.4", "instance:0.4"]) expect(wrong(await prepared(noise, data))).toBe(12);
    await expect(prepared("gaussian:0.4", data)).rejects.toThrow('noise "gaussian" is for images');
    await expect(prepared("asymmetric:0.4", data)).rejects.toThrow("such as asymmetric:0.4:0=1,1=0");
  });

  it("with people's labels and noise over them counts both as wrong", async () => {
    const labels = join(folder("people"), "labels.npy");
    writeFileSync(labels, writeNpy(Int32Array.from(records, (label, i) => (i < 10 ? (label + 5) % 10 : label))));
    const run = await prepare(parseRecipe({ data: cifar, labels, noise: "pair:0.1", device: "cpu" }));
    expect(run.cleanLabels).toEqual(Int32Array.from(records));
    expect(run.noise).toHaveLength(40);
    expect(wrong(run)).toBeGreaterThan(20);
  });
});

describe("a test part held out", () => {
  const bare = folder("no test", { "data_batch_1.bin": cifarBatch(records) });
  const apart = (more: Partial<RecipeInput> = {}, data = bare) =>
    prepare(parseRecipe({ data, testFraction: 0.2, device: "cpu", ...more }));

  it("is a share of each class, the same for every seed, and the rest is trained on", async () => {
    const run = await apart({ seed: 0, noise: "pair:0.25" });
    expect(run.train.labels).toHaveLength(160);
    expect(run.test?.labels.toSorted()).toEqual(Int32Array.from({ length: 40 }, (_, i) => Math.floor(i / 4)));
    expect(held(run.test!).values).toHaveLength(40 * 3072);
    expect(wrong(run)).toBe(40);
    expect((await apart({ seed: 7 })).test).toEqual(run.test);
    expect(run.fingerprint).toBe((await prepared("none", bare)).fingerprint);
  });

  it("is taken before the limit, and before the validation part", async () => {
    const [run, limited] = [await apart(), await apart({ limitTrain: 50, valFraction: 0.2 })];
    expect(limited.test).toEqual(run.test);
    expect(limited.train.labels).toEqual(run.train.labels.subarray(0, 50));
    expect(limited.trainIndices.length + limited.validationIndices.length).toBe(50);
  });

  it("keeps each picture with its label and its file", async () => {
    const pictures = folder("pictures", await photos(["cat", "dog"], { each: 10 }));
    const [run, plain] = [await apart({}, pictures), await prepared("none", pictures)];
    const rows = (samples: Samples) =>
      Array.from(
        samples.labels,
        (label, i) =>
          `${samples.files?.[i]} ${label} ${held(samples)
            .values.subarray(768 * i, 768 * (i + 1))
            .join()}`,
      );
    expect([...rows(run.train), ...rows(run.test as Samples)].sort()).toEqual(rows(plain.train).sort());
    expect(run.test?.files).toHaveLength(4);
  });

  it("is not taken of data that has one, and a note says so", async () => {
    const run = await apart({}, cifar);
    expect([run.train.labels.length, run.test?.labels.length]).toEqual([200, 200]);
    expect(run.notes).toContain("the data has a test set: no fraction (0.2) was held out");
  });

  it("leaves a class of one sample in training, and says so", async () => {
    const few = folder("few", { "data_batch_1.bin": cifarBatch([0, 0, 0, 1]) });
    const { train, test, notes } = await apart({}, few);
    expect([train.labels.length, test?.labels]).toEqual([3, Int32Array.of(0)]);
    expect(notes).toContain("classes of one sample, which stays in training: automobile");
  });
});

describe("the normalization", () => {
  const normalized = (more: Partial<RecipeInput>, data = cifar) =>
    prepare(parseRecipe({ data, device: "cpu", ...more })).then(({ normalization }) => normalization);

  it("is the recipe's where it gives one", async () => {
    const given = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.25, 0.5] };
    expect(await normalized(given)).toEqual(given);
    expect(await normalized({})).toEqual({ mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] });
  });

  it.each<[Partial<RecipeInput>, string]>([
    [{ mean: [0.5, 0.5, 0.5] }, "`mean` and `std` go together; received `mean` alone"],
    [{ std: [0.5, 0.5, 0.5] }, "`mean` and `std` go together; received `std` alone"],
    [{ mean: [0.5], std: [0.5, 0.5, 0.5] }, "`mean: 0.5`: received 1 numbers; expected 3, one per channel"],
    [{ mean: [0.5, 0.5, 0.5], std: [1, 1, 1, 1] }, "`std: 1,1,1,1`: received 4 numbers; expected 3, one per channel"],
  ])("of %j is refused", async (given, message) => {
    await expect(normalized(given)).rejects.toThrow(message);
  });

  it("of arrays has one per feature", async () => {
    const data = folder("features", embeddings());
    await expect(normalized({ mean: [0], std: [1] }, data)).rejects.toThrow("expected 4, one per feature");
  });
});

describe("training samples in memory without a label", () => {
  const data = shapesDataSet({ train: 20, test: 0, size: 16, seed: 0 });
  const unlabeled = { ...data, train: { ...data.train, labels: data.train.labels.with(3, -1) } };
  const asked = (objective: string) =>
    prepare(parseRecipe({ data: "(in memory)", objective, device: "cpu" }), unlabeled);

  it("are refused by a method that needs labels, and only by it", async () => {
    await expect(asked("sat")).rejects.toThrow(
      "1 of 20 training samples have no label (-1), which `objective: sat` needs; expected data without them",
    );
    await expect(asked("byol")).resolves.toBeTruthy();
  });
});

describe("the noise of a run", () => {
  it.each([
    ["instance:0.2", "noisy_idx_labels.npy", "file", [40, 2]],
    ["shuffled-pixels:0.2", "noisy_idx_images.npy", "shuffled-pixels", [40]],
  ])("of %s is written beside it, and read back as the same data", async (noise, name, kind, shape) => {
    const run = join(folder("runs"), kind);
    const before = await prepared(noise);
    createRun(run, before);
    const written = readFileSync(join(run, name));
    expect(parseNpy(written).data).toBeInstanceOf(BigInt64Array);
    expect(parseNpy(written).shape).toEqual(shape);
    const after = await prepared(`${kind}:${join(run, name)}`);
    expect(after.labelsFingerprint).toBe(before.labelsFingerprint);
    expect(Buffer.compare(held(after.train).values as Uint8Array, held(before.train).values as Uint8Array)).toBe(0);
    resumeRun(run, before, { epoch: 0, step: 0 });
    expect(readFileSync(join(run, name))).toEqual(written);
  });
});

it("a run that is resumed before its last epoch counts as unfinished, and one that is resumed behind it does not", async () => {
  const run = join(folder("again"), "run");
  const data = await prepared("none");
  createRun(run, data);
  for (const epoch of [0, 1]) writeEpoch(run, { epoch } as EpochMetrics, null);
  writeSummary(run, { epochs: 2 } as RunSummary);
  resumeRun(run, data, { epoch: 2, step: 0 });
  expect([isFinished(run), readMetrics(run).length]).toEqual([true, 2]);
  resumeRun(run, data, { epoch: 1, step: 3 });
  expect([isFinished(run), readMetrics(run).length]).toEqual([false, 1]);
});

describe("a validation part of the data's own", () => {
  const pictures = async (name: string, parts: readonly string[]) => {
    const given = Object.entries(await photos(["cat", "dog"], { each: 3 }));
    return folder(
      name,
      Object.fromEntries(parts.flatMap((part) => given.map(([file, image]) => [`${part}/${file}`, image]))),
    );
  };
  const read = (data: string, more: Partial<RecipeInput> = {}) =>
    prepare(parseRecipe({ data, device: "cpu", ...more }));

  it("is held out in place of a fraction, and patience watches it", async () => {
    const run = await read(await pictures("own", ["train", "val"]), { valFraction: 0.5, patience: 2 });
    const files = (indices: Int32Array) => Array.from(indices, (i) => run.train.files?.[i]?.split("/")[0]);
    expect(new Set(files(run.trainIndices))).toEqual(new Set(["train"]));
    expect(files(run.validationIndices)).toEqual(Array(6).fill("val"));
    expect(run.notes).toContain("the data has a validation part: no fraction (0.5) was held out");
    await expect(read(await pictures("own", ["train", "val"]), { patience: 2 })).resolves.toBeTruthy();
  });

  it("is kept where training is limited, and where a test part is split off", async () => {
    const path = await pictures("both", ["train", "val"]);
    const limited = await read(path, { limitTrain: 2 });
    expect([limited.trainIndices.length, limited.validationIndices.length]).toEqual([2, 6]);
    const { test, trainIndices, validationIndices } = await read(path, { testFraction: 0.3 });
    expect(test?.files?.every((file) => file.startsWith("train/"))).toBe(true);
    expect([test?.labels.length, trainIndices.length, validationIndices.length]).toEqual([2, 4, 6]);
  });

  it("is left out of training without labels", async () => {
    const run = await read(await pictures("unlabeled", ["train", "val"]), { objective: "simclr" });
    expect([run.trainIndices.length, run.validationIndices.length]).toEqual([6, 0]);
  });
});

describe("limited training", () => {
  it("draws of each class of folders in proportion, by the seed, and says so", async () => {
    const files = { ...(await photos(["cat"], { each: 12 })), ...(await photos(["dog", "owl"], { each: 4 })) };
    const data = folder("limit", files);
    const limited = (seed: number) => prepare(parseRecipe({ data, device: "cpu", limitTrain: 10, seed }));
    const run = await limited(0);
    expect([0, 1, 2].map((label) => run.train.labels.filter((given) => given === label).length)).toEqual([6, 2, 2]);
    expect(run.train.files).toEqual([...(run.train.files ?? [])].sort());
    expect(run.notes).toContain("10 of 20 training samples were drawn by the seed, of each class in proportion");
    expect((await limited(0)).train.files).toEqual(run.train.files);
    expect((await limited(1)).train.files).not.toEqual(run.train.files);
  });

  it("takes the first of other data, and names the classes that are lost", async () => {
    const run = await prepare(parseRecipe({ data: cifar, limitTrain: 5, device: "cpu" }));
    expect(run.train.labels).toEqual(Int32Array.from(records).subarray(0, 5));
    expect(run.notes.join()).toMatch(/the first 5 of 200 training samples are used, which have \d of 10 classes/);
  });
});

describe("labels in a table of files", () => {
  it("are matched by file, whatever the order, and the rest keep theirs", async () => {
    const data = folder("tabled", await photos(["cat", "dog"], { each: 3 }));
    const labels = join(folder("tables", { "l.csv": "file,label\ndog/2.png,cat\ncat/0.png,dog\n" }), "l.csv");
    const run = await prepare(parseRecipe({ data, labels, device: "cpu", limitTrain: 5 }));
    const changed = [...run.train.labels.keys()].filter((i) => run.cleanLabels?.[i] !== run.train.labels[i]);
    const expected = ["cat/0.png", "dog/2.png"].filter((file) => run.train.files?.includes(file));
    expect(changed.map((i) => run.train.files?.[i])).toEqual(expected);
    expect(run.notes.join()).toContain("labels for 2 of 6 samples; the other 4 keep theirs");
    const noisy = await prepare(parseRecipe({ data, noise: `file:${labels}`, device: "cpu", limitTrain: 5 }));
    expect(noisy.train.labels).toEqual(run.train.labels);
  });
});

describe("the built-in shapes", () => {
  it("are read again by the name in a run's recipe", async () => {
    const shapes = { train: 20, test: 10, size: 16, seed: 3 };
    const data = shapesName(shapes);
    expect(data).toBe("shapes:train=20,test=10,size=16,seed=3");
    const recipe = parseRecipe({ data, device: "cpu" });
    expect(withAbsolutePaths(recipe).data).toBe(data);
    const run = await prepare(recipe);
    const drawn = shapesDataSet(shapes);
    expect(run.fingerprint).toBe(fingerprint(drawn));
    expect(run.train).toEqual(drawn.train);
  });
});

describe("classes of different sizes", () => {
  const shapes = shapesDataSet({ train: 40, test: 10, size: 16, seed: 3 });
  const labels = shapes.train.labels.map((label) => (label < 8 ? 0 : label));
  const imbalanced = { ...shapes, train: { ...shapes.train, labels } };
  const prepareBy = (input: Partial<RecipeInput>) =>
    prepare(parseRecipe({ data: "x", device: "cpu", ...input }), imbalanced);

  it("have weights by the labels trained on, which are logged", async () => {
    const { classWeights, notes } = await prepareBy({ classWeights: "balanced" });
    expect(classWeights).toEqual([40 / (3 * 32), 1, 1, 1, 1, 1, 1, 1, 40 / 12, 40 / 12]);
    expect(notes.join()).toContain("class weights in the loss: disc 0.417, ring 1, ");
    expect((await prepareBy({})).classWeights).toBeNull();
  });

  it("are repeated by balanced sampling, which is logged", async () => {
    const { notes } = await prepareBy({ sampling: "balanced" });
    expect(notes).toContain("balanced sampling: 96 samples an epoch, 32 of each class, from 40");
  });
});
