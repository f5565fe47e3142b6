import { join } from "node:path";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { readHeld } from "../../../../test/support/held.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { readDataSet } from "../../formats.js";
import { writeNpy } from "../../tables/npy.js";

const folder = temporaryFolder();
const x = writeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
const y = writeNpy(Int32Array.of(1, 0, 1));
const xTest = writeNpy(Float64Array.of(0.5, 7), [1, 2]);
const yTest = writeNpy(Uint8Array.of(0), [1, 1]);
const npz = (files: Record<string, Uint8Array>, level: 0 | 6 = 6) => zipSync(files, { level });

describe("arrays", () => {
  it.each([
    ["x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"],
    ["train_features.npy", "train_labels.npy", "test_features.npy", "test_labels.npy"],
    ["X.npy", "Y.npy", "X_test.npy", "y_test.npy"],
  ])("reads embeddings from an .npz and from a folder, by names such as %s", async (tx, ty, vx, vy) => {
    const files = { [tx]: x, [ty]: y, [vx]: xTest, [vy]: yTest };
    const zipped = join(folder(`zip ${tx}`, { "set.npz": npz(files) }), "set.npz");
    for (const path of [zipped, folder(`folder ${tx.slice(0, -4)}`, files)]) {
      const { format, classes, train, test } = await readHeld(path);
      expect({ format, classes }).toEqual({ format: "arrays", classes: ["0", "1"] });
      const values = Float32Array.of(1, 2, 3, 4, 5, 6);
      expect(train).toEqual({ values, shape: [2], labels: Int32Array.of(1, 0, 1) });
      expect(test).toEqual({ values: Float32Array.of(0.5, 7), shape: [2], labels: Int32Array.of(0) });
    }
  });

  it.each(["val", "valid", "validation", "dev"])("takes arrays named %s for validation", async (name) => {
    const images = (values: number[]) => writeNpy(Uint8Array.from(values), [values.length / 4, 2, 2]);
    const path = join(
      folder(`with ${name}`, {
        "set.npz": npz({
          "train_images.npy": images([1, 2, 3, 4, 5, 6, 7, 8]),
          "train_labels.npy": writeNpy(Uint8Array.of(1, 0), [2, 1]),
          [`${name}_images.npy`]: images([9, 9, 9, 9, 8, 8, 8, 8]),
          [`${name}_labels.npy`]: writeNpy(Uint8Array.of(7, 1), [2, 1]),
          "test_images.npy": images([1, 1, 1, 1]),
          "test_labels.npy": writeNpy(Uint8Array.of(0), [1, 1]),
        }),
      }),
      "set.npz",
    );
    const { train, validation, test, notes } = await readHeld(path);
    expect(validation).toEqual(Int32Array.of(2));
    expect(train.values).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8));
    expect(train.labels).toEqual(Int32Array.of(1, 0, 1));
    expect(test?.labels).toEqual(Int32Array.of(0));
    expect(notes).toEqual(["left out: 1 of 2 validation samples, of classes that training lacks: 7"]);
  });

  it("refuses arrays for validation of another shape", async () => {
    const path = folder("other val", {
      "x.npy": x,
      "y.npy": y,
      "x_val.npy": writeNpy(Float32Array.of(1, 2, 3), [1, 3]),
      "y_val.npy": yTest,
    });
    await expect(readDataSet(path)).rejects.toThrow(
      "validation samples are (3) floats; expected (2) floats, as in training",
    );
  });

  it("reads an .npz that is not compressed and has no test set", async () => {
    const path = join(folder("stored", { "set.npz": npz({ "features.npy": x, "labels.npy": y }, 0) }), "set.npz");
    const { test, notes } = await readHeld(path);
    expect(test).toBeNull();
    expect(notes).toEqual(["there is no test set"]);
  });

  it("takes values without labels where labels are not asked for", async () => {
    const path = folder("no labels", { "x.npy": x });
    const { classes, train } = await readHeld(path, { unlabeled: true });
    expect({ classes, labels: train.labels }).toEqual({ classes: ["unlabeled"], labels: Int32Array.of(-1, -1, -1) });
    await expect(readDataSet(path)).rejects.toThrow("has no labels; expected an array named y");
  });

  it.each([
    ["channels last", [2, 2, 1, 3], [3, 2, 1], [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]],
    ["channels first", [2, 3, 1, 2], [3, 1, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ["one channel last", [2, 2, 3, 1], [1, 2, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ["no channels", [2, 2, 3], [1, 2, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  ])("takes uint8 as images with %s", async (name, shape, sample, values) => {
    const pixels = writeNpy(
      Uint8Array.from({ length: 12 }, (_, i) => i),
      shape,
    );
    const path = folder(name, { "x.npy": pixels, "y.npy": writeNpy(Int32Array.of(0, 1)) });
    const { train } = await readHeld(path);
    expect(train.shape).toEqual(sample);
    expect(train.values).toEqual(Uint8Array.from(values));
  });

  it("takes the labels beside one .npy by its name", async () => {
    const files = { "x_train.npy": x, "y_train.npy": y, "emb.npy": x, "emb_labels.npy": y, "x_test.npy": xTest };
    const path = folder("beside", { ...files, "y_test.npy": yTest, "labels.npy": writeNpy(Int32Array.of(0, 1, 2)) });
    expect((await readDataSet(join(path, "x_train.npy"))).test?.labels).toHaveLength(1);
    const { train, test } = await readHeld(join(path, "emb.npy"));
    expect(train.labels).toEqual(Int32Array.of(1, 0, 1));
    expect(test).toBeNull();
  });

  it("takes the labels of a file named in the options, with class names from .csv", async () => {
    const labels = "label\nowl\nant\nowl\n";
    const path = folder("named", {
      "a.npy": x,
      "given.csv": labels,
      "given.npy": y,
      "few.csv": "index,label\n0,1\n2,0\n",
    });
    const read = (file: string) => readDataSet(join(path, "a.npy"), { labelsFile: join(path, file) });
    expect(await read("given.csv")).toMatchObject({
      classes: ["ant", "owl"],
      train: { labels: Int32Array.of(1, 0, 1) },
    });
    expect((await read("given.npy")).train.labels).toEqual(Int32Array.of(1, 0, 1));
    const labeled = folder("labeled", { "x.npy": x, "y.npy": y, "given.csv": labels });
    expect((await readDataSet(labeled, { labelsFile: join(labeled, "given.csv") })).classes).toEqual(["0", "1"]);
    await expect(read("few.csv")).rejects.toThrow("few.csv: sample 1 has no label; expected one for each of 3");
    await expect(readDataSet(join(path, "a.npy"))).rejects.toThrow('a.npy" has no labels');
  });

  it("takes numbers that are not 0 to n - 1 for names, and sets aside test samples of other classes", async () => {
    const labels = { "y.npy": writeNpy(Int32Array.of(26, 1, 26)), "y_test.npy": writeNpy(Int32Array.of(0, 26)) };
    const path = folder("numbers", {
      "x.npy": x,
      "x_test.npy": writeNpy(Float32Array.of(1, 2, 3, 4), [2, 2]),
      ...labels,
    });
    const { classes, train, test, notes } = await readHeld(path);
    expect({ classes, labels: train.labels }).toEqual({ classes: ["1", "26"], labels: Int32Array.of(1, 0, 1) });
    expect(test).toMatchObject({ values: Float32Array.of(3, 4), labels: Int32Array.of(1) });
    expect(notes).toEqual([
      "the labels are 1, 26, not 0 to 1: they are taken as names of 2 classes",
      "left out: 1 of 2 test samples, of classes that training lacks: 0",
    ]);
  });

  it("leaves out samples without a label, -1, unless labels are not needed", async () => {
    const path = folder("unlabeled", {
      "x.npy": writeNpy(
        Float32Array.from({ length: 8 }, (_, i) => i),
        [4, 2],
      ),
      "y.npy": writeNpy(Int32Array.of(1, -1, 0, 1)),
    });
    const { classes, train, notes } = await readHeld(path);
    expect({ classes, labels: train.labels }).toEqual({ classes: ["0", "1"], labels: Int32Array.of(1, 0, 1) });
    expect(train.values).toEqual(Float32Array.of(0, 1, 4, 5, 6, 7));
    expect(notes).toContain("left out: 1 of 4 training samples, which have no label (-1, empty or nan)");
    expect((await readHeld(path, { unlabeled: true })).train.labels).toEqual(Int32Array.of(1, -1, 0, 1));
  });

  it("takes -1 beside a single other number for a class", async () => {
    const path = folder("signs", { "x.npy": x, "y.npy": writeNpy(Int32Array.of(1, -1, 1)) });
    expect(await readDataSet(path)).toMatchObject({ classes: ["-1", "1"], train: { labels: Int32Array.of(1, 0, 1) } });
  });

  it("takes one-hot rows", async () => {
    const path = folder("one hot", {
      "x.npy": x,
      "y.npy": writeNpy(Float32Array.of(0, 0, 1, 1, 0, 0, 0, 1, 0), [3, 3]),
    });
    expect(await readDataSet(path)).toMatchObject({
      classes: ["0", "1", "2"],
      train: { labels: Int32Array.of(2, 0, 1) },
    });
  });

  it("takes strings for class names, in the test set, too", async () => {
    const names = (words: string[]) => {
      const header = `{'descr': '|S3', 'fortran_order': False, 'shape': (${words.length},), }`.padEnd(117);
      const size = Buffer.from([118, 0]);
      return Buffer.concat([
        Buffer.from("\x93NUMPY\x01\0", "latin1"),
        size,
        Buffer.from(`${header}\n${words.join("")}`),
      ]);
    };
    const files = {
      "x.npy": x,
      "y.npy": names(["owl", "ant", "owl"]),
      "x_test.npy": xTest,
      "y_test.npy": names(["ant"]),
    };
    const { classes, train, test } = await readDataSet(folder("strings", files));
    expect({ classes, train: train.labels, test: test?.labels }).toEqual({
      classes: ["ant", "owl"],
      train: Int32Array.of(1, 0, 1),
      test: Int32Array.of(0),
    });
  });

  it.each([
    ["last", [6, 64, 64, 13], [13, 64, 64]],
    ["first", [6, 13, 64, 64], [13, 64, 64]],
    ["first, many of them", [6, 512, 7, 7], [512, 7, 7]],
  ])("reads images of floats with several channels, %s, and says so", async (_, shape, expected) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const labels = writeNpy(Int32Array.of(0, 1, 0, 1, 0, 1));
    const path = folder(`channels ${_}`, { "x.npy": writeNpy(new Float32Array(size), shape), "y.npy": labels });
    const { train, notes } = await readDataSet(path);
    expect(train.shape).toEqual(expected);
    const [channels, ...sides] = expected;
    expect(notes[0]).toBe(`samples are taken as images of ${sides.join(" x ")} with ${channels} channels`);
  });

  it("says that gray pictures of floats are taken as features", async () => {
    const path = folder("gray floats", { "x.npy": writeNpy(new Float32Array(12), [3, 2, 2]), "y.npy": y });
    expect((await readDataSet(path)).notes[0]).toBe(
      "samples of 2 x 2 floats are taken as features, not as images: expected bytes, or (1, 2, 2) for images",
    );
  });

  it.each([
    ["shape", { "x.npy": x, "y.npy": writeNpy(Int32Array.of(0, 1, 0, 1, 1, 1), [3, 2]) }, "labels have shape (3, 2)"],
    [
      "fraction",
      { "x.npy": x, "y.npy": writeNpy(Float32Array.of(0, 1.5, 1)) },
      "label 1.5 of row 1; expected an integer",
    ],
    ["count", { "x.npy": x, "y.npy": writeNpy(Int32Array.of(0, 1)) }, "3 samples of shape (2) and 2 labels"],
    [
      "nan",
      { "x.npy": writeNpy(Float32Array.of(1, 2, 3, Number.NaN), [2, 2]), "y.npy": writeNpy(Int32Array.of(0, 1)) },
      "training sample 1: holds NaN",
    ],
    ["flat", { "x.npy": writeNpy(Float32Array.of(1, 2, 3)), "y.npy": y }, "values have shape (3); expected (n, ...)"],
    [
      "channels",
      { "x.npy": writeNpy(new Uint8Array(24), [2, 2, 3, 2]), "y.npy": y },
      "images have shape (2, 2, 3, 2); expected 1 or 3 channels",
    ],
    ["truncated", { "x.npy": x.subarray(0, -4), "y.npy": y }, "x.npy: truncated or damaged: 5 values found"],
    ["one class", { "x.npy": x, "y.npy": writeNpy(Int32Array.of(1, 1, 1)) }, 'only one class found, "1"'],
  ])("refuses wrong arrays: %s", async (name, files, message) => {
    await expect(readDataSet(folder(`bad ${name}`, files))).rejects.toThrow(message);
  });

  it("refuses a damaged .npz, and one whose arrays have other names", async () => {
    const zip = npz({ "x.npy": x, "y.npy": y });
    const flipped = npz({ "x.npy": x, "y.npy": y }, 0);
    flipped[flipped.indexOf(0x93) + 150]! ^= 1;
    const path = folder("zips", {
      "a.npz": zip.subarray(0, 40),
      "c.npz": flipped,
      "b.npz": npz({ "foo.npy": x, "bar.npy": y }),
    });
    await expect(readDataSet(join(path, "a.npz"))).rejects.toThrow('a.npz" is truncated or damaged');
    await expect(readDataSet(join(path, "c.npz"))).rejects.toThrow("the checksum of");
    await expect(readDataSet(join(path, "b.npz"))).rejects.toThrow(
      "holds the arrays foo, bar; expected x_train and y_train",
    );
  });
});
