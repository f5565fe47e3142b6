import { chmodSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { readHeld } from "../../test/support/held.js";
import { mat } from "../../test/support/mat-file.js";
import { writeTar } from "../../test/support/shards.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { InputError } from "../errors.js";
import { fingerprint } from "./fingerprint.js";
import { formats, readDataSet } from "./formats.js";
import { writeNpy } from "./tables/npy.js";

const folder = temporaryFolder();
const paths: Record<string, string> = {};
beforeAll(async () => {
  const create = { width: 4, height: 4, channels: 3 as const, background: "teal" };
  const image = await sharp({ create }).png().toBuffer();
  const records = (labels: number) => new Uint8Array(2 * (labels + 3072)).fill(1, labels + 3072);
  const idx = (type: number, ...dimensions: number[]) =>
    Uint8Array.of(0, 0, 8, type, ...dimensions.flatMap((n) => [0, 0, 0, n]), 0, 1);
  const arrays = { "x.npy": writeNpy(Float32Array.of(1, 2), [2, 1]), "y.npy": writeNpy(Int32Array.of(0, 1)) };
  paths["cifar-10"] = folder("cifar-10", { "data_batch_1.bin": records(1) });
  paths["cifar-100"] = folder("cifar-100", { "train.bin": records(2) });
  const planes = (first: number) => new Uint8Array(2 * 3 * 96 * 96).fill(first);
  paths["stl-10"] = folder("stl-10", { "train_X.bin": planes(9), "train_y.bin": Uint8Array.of(1, 2) });
  const digits = { name: "y", shape: [2, 1], values: [10, 1], kind: 6 };
  const pictures = { name: "X", shape: [32, 32, 3, 2], values: new Array<number>(2 * 3072).fill(7) };
  paths.svhn = folder("svhn", { "train_32x32.mat": mat([pictures, digits]) });
  paths.idx = folder("idx", { "train-images-idx3-ubyte": idx(3, 2, 1, 1), "train-labels-idx1-ubyte": idx(1, 2) });
  paths.arrays = folder("arrays", arrays);
  paths.manifest = join(folder("list", { "m.csv": "file,label\na.png,a\na.png,b\n", "a.png": image }), "m.csv");
  paths.parquet = fileURLToPath(new URL("../../test/fixtures/parquet/others/two.parquet", import.meta.url));
  const shard = [
    ["a.png", image],
    ["a.cls", "0"],
    ["b.png", image],
    ["b.cls", "1"],
  ] as const;
  paths.webdataset = await writeTar(join(folder("shards"), "0.tar"), shard);
  const png = { "a.png": image, "b.png": image };
  const tasks = ["a", "b"].map((name) => ({
    data: { image: `/data/local-files/?d=${name}.png`, given: name },
    predictions: [],
  }));
  paths["label-studio"] = join(folder("tasks", { "tasks.json": JSON.stringify(tasks), ...png }), "tasks.json");
  const numbered = { classes: ["a", "b"], labels: { a: 0, b: 1 } };
  paths.fiftyone = folder("fiftyone", {
    "labels.json": JSON.stringify(numbered),
    "data/a.png": image,
    "data/b.png": image,
  });
  const items = ["a", "b"].map((id, label_id) => ({ id, annotations: [{ type: "label", label_id }] }));
  const annotations = { categories: { label: { labels: [{ name: "a" }, { name: "b" }] } }, items };
  paths.datumaro = folder("datumaro", {
    "annotations/default.json": JSON.stringify(annotations),
    "images/default/a.png": image,
    "images/default/b.png": image,
  });
  paths["imagenet-txt"] = folder("imagenet", { "synsets.txt": "a\nb\n", "train.txt": "a 0\nb.png 1\n", ...png });
  paths.folders = folder("folders", { "a/1.png": image, "b/1.png": image });
});
const names = formats.map(({ name }) => name);
/** Tables and folders of images, of which other formats know more. */
const alsoRecognized: Readonly<Record<string, readonly string[]>> = {
  manifest: ["label-studio"],
  folders: ["fiftyone", "datumaro", "imagenet-txt"],
};

describe.each(formats.map((format) => [format.name, format] as const))("the format %s", (name, format) => {
  it("recognizes its own data, and that of others only if those are tried before", async () => {
    const recognized: string[] = [];
    for (const other of names) if (await format.detect(paths[other]!)) recognized.push(other);
    expect(recognized).toEqual([...(alsoRecognized[name] ?? []), name]);
    expect(recognized.every((other) => names.indexOf(other) <= names.indexOf(name))).toBe(true);
  });

  it("reads two samples of two classes, the same each time, under its name", async () => {
    const data = await readHeld(paths[name]!);
    expect(data.format).toBe(name);
    expect(data.train.labels).toEqual(Int32Array.of(0, 1));
    expect(data.train.values.length).toBe(2 * data.train.shape.reduce((product, side) => product * side, 1));
    expect(fingerprint(await readDataSet(paths[name]!, { format: name }))).toBe(fingerprint(data));
  });

  it("detects nothing, and does not throw, in what is missing, empty or another thing", async () => {
    const empty = folder("nothing");
    const text = join(folder("text", { "a.txt": "hello" }), "a.txt");
    for (const path of [empty, text, join(empty, "missing")]) expect(await format.detect(path)).toBe(false);
  });

  it("refuses data of another format in one line", async () => {
    for (const other of names.filter((known) => known !== name)) {
      const error = await readHeld(paths[other]!, { format: name }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).not.toContain("\n");
    }
  });
});

describe("readDataSet", () => {
  it("refuses an unknown format, with the nearest name", async () => {
    const message = 'unknown format "folder"; did you mean "folders"?; expected one of cifar-10, cifar-100';
    await expect(readDataSet(paths.folders!, { format: "folder" })).rejects.toThrow(message);
  });

  it("refuses a missing path and an empty folder", async () => {
    const empty = folder("empty", { ".hidden": "" });
    await expect(readDataSet(join(empty, "no"))).rejects.toThrow(`there is no data at "${join(empty, "no")}"`);
    await expect(readDataSet(empty)).rejects.toThrow(
      `the data folder "${empty}" is empty; expected a data set of cifar-10`,
    );
  });

  it("says what it found where no format recognizes it", async () => {
    const odd = folder("odd", { "a.txt": "", "b.txt": "", README: "", "in/x.doc": "" });
    const error = await readHeld(odd).catch((caught: Error) => caught);
    expect(error).toBeInstanceOf(InputError);
    for (const found of [".txt", "folders", "files without an ending", "known are cifar-10"]) {
      expect((error as Error).message).toContain(found);
    }
    const nested = folder("nested", { "cifar/data_batch_1.bin": "" });
    await expect(readDataSet(nested)).rejects.toThrow(`is the data in ${join(nested, "cifar")}?`);
  });

  it.skipIf(process.getuid?.() === 0)("refuses a folder that may not be read", async () => {
    const path = folder("locked", { "a/1.png": "" });
    chmodSync(path, 0);
    await expect(readDataSet(path)).rejects.toThrow("no permission to read it");
    chmodSync(path, 0o700);
  });
});
