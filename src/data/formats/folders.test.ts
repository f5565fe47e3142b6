import { symlinkSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { readHeld } from "../../../test/support/held.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { readDataSet } from "../formats.js";

const folder = temporaryFolder();
let image: Buffer;
beforeAll(async () => {
  const create = { width: 8, height: 8, channels: 3 as const, background: "teal" };
  image = await sharp({ create }).jpeg().toBuffer();
});
const images = (...names: string[]) => Object.fromEntries(names.map((name) => [name, image]));

describe("class folders", () => {
  it("takes a folder a class, nested folders too, classes by name and samples by path", async () => {
    const path = folder("plain", images("dog/b.JPG", "dog/a.jpeg", "cat/deep/er/1.jpg", "Eel/x.jpg"));
    const { format, classes, train, test, notes } = await readHeld(path);
    expect({ format, classes, test, notes }).toEqual({
      format: "folders",
      classes: ["Eel", "cat", "dog"],
      test: null,
      notes: [],
    });
    expect(train.files).toEqual(["Eel/x.jpg", "cat/deep/er/1.jpg", "dog/a.jpeg", "dog/b.JPG"]);
    expect(train.labels).toEqual(Int32Array.of(0, 1, 2, 2));
  });

  it.each(["test", "val", "valid", "Validation"])("takes train and %s folders", async (name) => {
    const path = folder(`parts ${name}`, images("train/a/1.jpg", "train/b/1.jpg", `${name}/b/2.jpg`));
    const { classes, train, test } = await readHeld(path);
    expect(classes).toEqual(["a", "b"]);
    expect(train.files).toEqual(["train/a/1.jpg", "train/b/1.jpg"]);
    expect(test).toMatchObject({ files: [`${name}/b/2.jpg`], labels: Int32Array.of(1) });
  });

  it("prefers test to val, and says what it left out", async () => {
    const others = { "train/notes.txt": "", "train/a/list.csv": "", "train/c/.keep": "" };
    const files = images("train/a/1.jpg", "train/b/1.jpg", "train/loose.jpg", "val/a/1.jpg", "test/a/9.jpg");
    const { test, notes } = await readHeld(folder("both", { ...files, ...others }));
    expect(test?.files).toEqual(["test/a/9.jpg"]);
    expect(notes).toEqual([
      "left out: folders beside train (1): val",
      "left out: images without a class (1): train/loose.jpg",
      "left out: files that are no images (1): .csv",
      "left out: folders without an image (1): c",
    ]);
  });

  it("takes a flat folder of cat.0.jpg names, alone or under train", async () => {
    const flat = folder("flat", images("cat.0.jpg", "cat.10.jpg", "dog_1.jpg", "big dog (2).jpg"));
    const { classes, train } = await readHeld(flat);
    expect(classes).toEqual(["big dog", "cat", "dog"]);
    expect(train.labels).toEqual(Int32Array.of(0, 1, 1, 2));
    const parts = folder("flat parts", images("train/cat.0.jpg", "train/dog.1.jpg", "test/1.jpg"));
    const unlabelled = await readHeld(parts);
    expect(unlabelled.test).toBeNull();
    expect(unlabelled.notes).toEqual(["left out: images without a class (1): test/1.jpg"]);
  });

  it("takes Dogs vs. Cats as Kaggle hands it out, its test pictures left out, wherever they lie", async () => {
    const kaggle = folder("kaggle", images("train/cat.0.jpg", "train/dog.0.jpg", "test1/1.jpg", "test1/2.jpg"));
    const { classes, train, test, notes } = await readHeld(kaggle);
    expect({ classes, test, notes }).toEqual({
      classes: ["cat", "dog"],
      test: null,
      notes: ["left out: folders beside train (1): test1"],
    });
    expect(train.files).toEqual(["train/cat.0.jpg", "train/dog.0.jpg"]);
    const flat = await readHeld(folder("kaggle flat", images("cat.0.jpg", "dog.0.jpg", "test1/1.jpg", "1.jpg")));
    expect(flat.train.files).toEqual(["cat.0.jpg", "dog.0.jpg"]);
    expect(flat.notes).toEqual(["left out: images without a class (2): 1.jpg, test1/1.jpg"]);
  });

  it("resizes the short side to the size asked for, and crops the centre", async () => {
    const create = { width: 200, height: 100, channels: 3 as const, background: "red" };
    const middle = { create: { ...create, width: 100, background: "lime" } };
    const bands = await sharp({ create })
      .composite([{ input: middle, left: 50, top: 0 }])
      .png()
      .toBuffer();
    const { train } = await readHeld(folder("bands", { "a/1.png": bands, "b/1.jpg": image }), { imageSize: 64 });
    expect(train.shape).toEqual([3, 64, 64]);
    const green = train.values.subarray(4096, 8192);
    expect(Math.min(...green)).toBeGreaterThan(230);
  });

  it("follows links to folders", async () => {
    const path = folder("links", images("a/1.jpg"));
    symlinkSync(join(path, "a"), join(path, "b"));
    expect((await readDataSet(path)).train.files).toEqual(["a/1.jpg", "b/1.jpg"]);
  });

  it("leaves out images that cannot be decoded, and refuses them under strict", async () => {
    const path = folder("corrupt", { ...images("a/1.jpg", "b/1.jpg"), "a/0.jpg": "" });
    const { train, notes } = await readHeld(path);
    expect(train.files).toEqual(["a/1.jpg", "b/1.jpg"]);
    expect(notes).toEqual(["1 of 3 images cannot be decoded and were skipped: a/0.jpg (the file is empty)"]);
    await expect(readDataSet(path, { strict: true })).rejects.toThrow("a/0.jpg cannot be decoded");
  });

  it("takes a plain folder, a single class and images without a class to learn without labels from", async () => {
    const plain = await readHeld(folder("unlabelled", images("2.jpg", "1.jpg", "x.jpg")), { unlabelled: true });
    expect(plain.train).toMatchObject({ files: ["1.jpg", "2.jpg", "x.jpg"], labels: Int32Array.of(-1, -1, -1) });
    expect({ classes: plain.classes, notes: plain.notes }).toEqual({ classes: ["unlabelled"], notes: [] });
    const single = await readHeld(folder("one class", images("a/1.jpg", "a/2.jpg")), { unlabelled: true });
    expect(single.train.labels).toEqual(Int32Array.of(0, 0));
    const parts = images("train/b/1.jpg", "train/c.jpg", "train/a/1.jpg", "test/b/2.jpg", "test/z.jpg");
    const mixed = await readHeld(folder("mixed", parts), { unlabelled: true });
    expect(mixed.train.files).toEqual(["train/a/1.jpg", "train/b/1.jpg", "train/c.jpg"]);
    expect(mixed.train.labels).toEqual(Int32Array.of(0, 1, -1));
    expect(mixed.test).toMatchObject({ files: ["test/b/2.jpg"], labels: Int32Array.of(1) });
    expect(mixed.notes).toEqual(["left out: images without a class (1): test/z.jpg"]);
    const judged = images("train/1.jpg", "train/2.jpg", "test/a/1.jpg", "test/b/1.jpg");
    const { classes, train, test } = await readHeld(folder("judged", judged), { unlabelled: true });
    expect({ classes, labels: test?.labels }).toEqual({ classes: ["a", "b"], labels: Int32Array.of(0, 1) });
    expect(train.labels).toEqual(Int32Array.of(-1, -1));
  });

  it("refuses a test class that training lacks, a single class, and names without a class", async () => {
    const unknown = folder("unknown", images("train/a/1.jpg", "train/b/1.jpg", "test/z/1.jpg"));
    await expect(readDataSet(unknown)).rejects.toThrow(
      'test/z/1.jpg: class "z" is not among the training classes: a, b',
    );
    await expect(readDataSet(folder("single", images("a/1.jpg", "a/2.jpg")))).rejects.toThrow(
      'only one class found, "a"',
    );
    const nameless = folder("nameless", images("1.jpg", "2.jpg"));
    await expect(readDataSet(nameless)).rejects.toThrow(
      "images without a class, such as 1.jpg; expected a folder a class",
    );
    const named = readDataSet(folder("no images", { "a/x.txt": "" }), { format: "folders" });
    await expect(named).rejects.toThrow("has no images; expected a folder a class");
  });
});
