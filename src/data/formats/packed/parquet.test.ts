import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { held, readHeld } from "../../../../test/support/held.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { InputError } from "../../../errors.js";
import { imageSource } from "../../containers/containers.js";
import { fingerprint } from "../../fingerprint.js";
import { readDataSet } from "../../formats.js";
import { decodedSamples } from "../../loader/streamed.js";
import type { StreamedSamples } from "../../types.js";

const fixtures = fileURLToPath(new URL("../../../../test/fixtures/parquet/", import.meta.url));
const data = join(fixtures, "data");
const other = (name: string) => join(fixtures, "others", `${name}.parquet`);
const folder = temporaryFolder();
let count = 0;

/** A folder with copies of fixtures, and other files. */
function folderOf(copies: Readonly<Record<string, string>>, texts: Readonly<Record<string, string>> = {}): string {
  const path = folder(`copies ${count++}`, {
    ...Object.fromEntries(Object.keys(copies).map((name) => [name, ""])),
    ...texts,
  });
  for (const [name, from] of Object.entries(copies)) copyFileSync(from, join(path, name));
  return path;
}

const part = (name: string) => join(data, `${name}.parquet`);
const train = part("train-00000-of-00002");

describe("parquet files", () => {
  it("are read with the parts that their names say and the classes that they name", async () => {
    const { format, classes, train, validation, test, notes } = await readHeld(data);
    expect({ format, classes }).toEqual({ format: "parquet", classes: ["lynx", "owl"] });
    expect([...train.labels]).toEqual([0, 1, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 0, 1]);
    expect([...(validation ?? [])]).toEqual([12, 13]);
    expect([...(test?.labels ?? [])]).toEqual([1, 0, 1]);
    expect(train.shape).toEqual([3, 12, 16]);
    expect(train.files?.slice(6, 8)).toEqual([
      "train-00000-of-00002.parquet/image/6",
      "train-00001-of-00002.parquet/image/0",
    ]);
    expect(notes).toEqual(["left out: 1 of 18 samples have no label: validation-00000-of-00001.parquet/image/2"]);
  });

  it("hold the images of a folder with the same ones: the data is equal to the last byte", async () => {
    const { train, validation = [], classes } = await readHeld(data);
    const files: Record<string, Uint8Array> = {};
    for (const [i, file] of (train.files ?? []).entries()) {
      const bytes = (await imageSource(join(data, file))) as Uint8Array;
      const kind = bytes[0] === 0xff ? "jpg" : "png";
      const place = [...validation].includes(i) ? "val" : "train";
      files[`${place}/${classes[train.labels[i] as number]}/${String(i).padStart(2, "0")}.${kind}`] = bytes;
    }
    const copy = await readHeld(folder("as a folder", files));
    const byFile = copy.train.files?.map((file) => Number(/(\d+)\.\w+$/.exec(file)?.[1])) ?? [];
    const size = 3 * 12 * 16;
    for (const [row, i] of byFile.entries()) {
      const pixels = (samples: typeof train, at: number) => samples.values.subarray(at * size, (at + 1) * size);
      expect(pixels(copy.train, row)).toEqual(pixels(train, i));
    }
    expect(byFile.map((i) => train.labels[i])).toEqual([...copy.train.labels]);
  });

  it("are streamed: images are decoded from their rows, in any order", async () => {
    const [all, streamed] = [await readHeld(data), await readDataSet(data, { stream: "always" })];
    const samples = streamed.train as StreamedSamples;
    expect(samples.kind).toBe("streamed");
    const order = Int32Array.of(11, 0, 7, 3, 6, 11);
    const decoded = held(await decodedSamples(samples, order));
    const size = 3 * 12 * 16;
    order.forEach((i, row) => {
      const pixels = all.train.values.subarray(i * size, (i + 1) * size);
      expect(decoded.values.subarray(row * size, (row + 1) * size)).toEqual(pixels);
    });
  });

  it("are read alone, without a test set", async () => {
    const { train: samples, test } = await readHeld(train);
    expect([...samples.labels]).toEqual([0, 1, 0, 1, 0, 1, 1]);
    expect(test).toBeNull();
  });

  it("may hold plain bytes, names as labels and no page index", async () => {
    const { classes, train, notes } = await readHeld(other("flat"));
    expect({ classes, labels: [...train.labels], notes }).toEqual({
      classes: ["lynx", "owl"],
      labels: [1, 0, 1, 0],
      notes: ['flat.parquet: column "picture" holds the images, column "species" the labels'],
    });
  });

  it("have the parts that a column says", async () => {
    const { train, test } = await readHeld(other("split"));
    expect([train.labels.length, test?.labels.length]).toEqual([6, 4]);
    const named = readDataSet(other("split"), { splitColumn: "splitt" });
    await expect(named).rejects.toThrow('has no column `splitColumn: splitt`; it has "image", "label", "split"');
    await expect(readDataSet(other("split"), { splitColumn: "label" })).rejects.toThrow(
      'row 0: label "cat"; expected train',
    );
  });

  it("leave out files of no part where another is named for training", async () => {
    const path = folderOf({ "train.parquet": train, "trainval.parquet": train });
    const { train: samples, notes } = await readHeld(path);
    expect(samples.labels).toHaveLength(7);
    expect(notes).toContain("left out: files of no part (1): trainval.parquet");
  });

  it("of two labels a row are read by the column that the user names", async () => {
    await expect(readDataSet(other("two-labels"))).rejects.toThrow('the columns are "fine_label", "coarse_label"');
    expect((await readDataSet(other("two-labels"), { labelColumn: "fine_label" })).classes).toEqual(["0", "1", "2"]);
    const missing = readDataSet(other("two-labels"), { fileColumn: "image" });
    await expect(missing).rejects.toThrow('has no column `fileColumn: image`; it has "img", "fine_label"');
  });

  const card =
    "---\nlicense: mit\ndataset_info:\n  features:\n  - name: image\n    dtype: image\n  - name: label\n    dtype:\n      class_label:\n        names:\n          '0': ant\n          '1': bee\n---\n# Insects\n";
  const infos = JSON.stringify({
    default: { features: { image: { _type: "Image" }, label: { _type: "ClassLabel", names: ["ant", "bee"] } } },
  });
  it.each([
    ["README.md in the folder above", { "README.md": card }],
    [
      "the first configuration in README.md",
      { "README.md": card.replace("dataset_info:\n  features", "dataset_info:\n- features") },
    ],
    ["dataset_infos.json", { "dataset_infos.json": infos }],
  ])("have their class names from %s", async (_, texts) => {
    const path = folderOf({ "data/train-0.parquet": other("nameless") }, texts as Record<string, string>);
    expect((await readDataSet(path)).classes).toEqual(["ant", "bee"]);
    expect((await readDataSet(join(path, "data/train-0.parquet"))).classes).toEqual(["ant", "bee"]);
  });

  it("without class names count their classes", async () => {
    expect((await readDataSet(other("nameless"))).classes).toEqual(["0", "1"]);
  });

  it("have samples without a label, which a method without labels reads", async () => {
    const { train } = await readHeld(part("validation-00000-of-00001"), { unlabeled: true });
    expect([...train.labels]).toEqual([0, 1, -1]);
  });

  it("may lie in folders named for the parts; several data sets are refused", async () => {
    const parts = folderOf({ "default/train/0000.parquet": train, "default/test/0000.parquet": other("two") });
    expect([...((await readHeld(parts)).test?.labels ?? [])]).toEqual([0, 1]);
    const two = folderOf({ "first/train.parquet": train, "second/train.parquet": train });
    await expect(readDataSet(two)).rejects.toThrow(
      `of several data sets, in "first" and "second"; expected one, such as ${join(two, "second")}`,
    );
  });

  it.each([
    ["paths", 'has no column of images: the column "image" holds text, such as paths'],
    ["numbers", 'has no column of images: the columns are "width", "label"'],
    ["lists", 'the column "image" holds lists or groups; expected the bytes of one image a row'],
    ["references", 'references.parquet/image/0 (the row holds no image, but the path "0.png")'],
    ["out-of-range", "row 1: label 2; expected 0 to 1, or -1 for none"],
  ])("without images or with wrong labels are refused in one line: %s", async (name, message) => {
    const error = await readDataSet(other(name)).catch((caught: Error) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain("\n");
  });

  it.each([0, 3, 11, 100, 2000, -8, -1])("cut at byte %s are refused, or left out beside others", async (at) => {
    const bytes = readFileSync(train).subarray(0, at);
    const [cut] = [join(folder(`cut at ${at}`), "train-0.parquet")];
    writeFileSync(cut, bytes);
    await expect(readDataSet(cut)).rejects.toThrow(/^"[^\n]*train-0.parquet" is truncated or damaged: [^\n]+$/);
    const beside = folderOf({ "train-1.parquet": train });
    writeFileSync(join(beside, "train-0.parquet"), bytes);
    const { train: samples, notes } = await readDataSet(beside);
    expect(samples.labels.length).toBe(7);
    expect(notes[0]).toMatch(/^left out: shards that cannot be read \(1\): .*train-0.parquet" is truncated or damaged/);
    await expect(readDataSet(beside, { strict: true })).rejects.toThrow("train-0.parquet");
  });

  it("with damaged rows lose those images only", async () => {
    const bytes = readFileSync(train);
    bytes.fill(0xee, 30, 700);
    const path = join(folder("damaged rows"), "train.parquet");
    writeFileSync(path, bytes);
    const { train: samples, notes } = await readHeld(path);
    expect(samples.labels.length).toBeGreaterThanOrEqual(4);
    expect(notes.join()).toMatch(/of 7 images cannot be decoded and were skipped: train.parquet\/image\/0/);
    await expect(readDataSet(path, { strict: true })).rejects.toThrow("train.parquet/image/0 cannot be decoded");
  });

  it("are read again when they change", async () => {
    const path = folderOf({ "train.parquet": train });
    const before = fingerprint(await readDataSet(path));
    copyFileSync(part("train-00001-of-00002"), join(path, "train.parquet"));
    expect(fingerprint(await readDataSet(path))).not.toBe(before);
  });
});

describe("a table of images in parquet files", () => {
  it("names them as the data set does", async () => {
    const path = folderOf(
      { "data.parquet": train },
      { "list.csv": "file,label\ndata.parquet/image/1,a\ndata.parquet/image/4,b\n" },
    );
    const { train: samples } = await readHeld(join(path, "list.csv"));
    const all = (await readHeld(path)).train;
    expect(samples.values.subarray(0, 576)).toEqual(all.values.subarray(576, 1152));
    expect(samples.files).toEqual(["data.parquet/image/1", "data.parquet/image/4"]);
  });
});
