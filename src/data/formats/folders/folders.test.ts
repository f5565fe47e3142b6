import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { readHeld } from "../../../../test/support/held.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { tinyImages } from "../../../../test/support/tiny-images.js";
import { readDataSet } from "../../formats.js";
import { writeNpy } from "../../tables/npy.js";

const folder = temporaryFolder();
const images = await tinyImages();

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

  it("takes a flat folder of cat.0.jpg names, alone or under train", async () => {
    const flat = folder("flat", images("cat.0.jpg", "cat.10.jpg", "dog_1.jpg", "big dog (2).jpg"));
    const { classes, train } = await readHeld(flat);
    expect(classes).toEqual(["big dog", "cat", "dog"]);
    expect(train.labels).toEqual(Int32Array.of(0, 1, 1, 2));
    const parts = folder("flat parts", images("train/cat.0.jpg", "train/dog.1.jpg", "test/1.jpg"));
    const unlabeled = await readHeld(parts);
    expect(unlabeled.test).toBeNull();
    expect(unlabeled.notes).toEqual([
      "left out: images without a class (1): test/1.jpg",
      "there is no test part: no image in test has a class of training",
    ]);
  });

  it("takes Dogs vs. Cats as Kaggle hands it out, its test pictures left out, wherever they lie", async () => {
    const kaggle = folder("kaggle", images("train/cat.0.jpg", "train/dog.0.jpg", "test1/1.jpg", "test1/2.jpg"));
    const { classes, train, test, notes } = await readHeld(kaggle);
    expect({ classes, test, notes }).toEqual({
      classes: ["cat", "dog"],
      test: null,
      notes: [
        "train is for training, test1 is for test",
        "left out: images without a class (2): test1/1.jpg, test1/2.jpg",
        "there is no test part: no image in test1 has a class of training",
      ],
    });
    expect(train.files).toEqual(["train/cat.0.jpg", "train/dog.0.jpg"]);
    const flat = await readHeld(folder("kaggle flat", images("cat.0.jpg", "dog.0.jpg", "test1/1.jpg", "1.jpg")));
    expect(flat.train.files).toEqual(["cat.0.jpg", "dog.0.jpg"]);
    expect(flat.notes).toEqual(["left out: images without a class (2): 1.jpg, test1/1.jpg"]);
  });

  it("resizes the short side to the requested size, and crops the center", async () => {
    const create = { width: 200, height: 100, channels: 3 as const, background: "red" };
    const middle = { create: { ...create, width: 100, background: "lime" } };
    const bands = await sharp({ create })
      .composite([{ input: middle, left: 50, top: 0 }])
      .png()
      .toBuffer();
    const { train } = await readHeld(folder("bands", { "a/1.png": bands, ...images("b/1.jpg") }), { imageSize: 64 });
    expect(train.shape).toEqual([3, 64, 64]);
    const green = train.values.subarray(4096, 8192);
    expect(Math.min(...green)).toBeGreaterThan(230);
  });

  it("points to the table that holds the labels, and reads Hugging Face's by itself", async () => {
    const flat = { ...images("1.jpg", "2.jpg"), "labels.csv": "file,label\n1.jpg,a\n2.jpg,b\n" };
    const path = folder("table beside", flat);
    await expect(readDataSet(path)).rejects.toThrow(
      `images without a class, such as 1.jpg; it holds labels.csv: expected a table of the labels as the data, such as ${join(path, "labels.csv")}`,
    );
    const inFolder = folder("table over", { ...images("images/1.jpg", "images/2.jpg"), "labels.csv": "" });
    await expect(readDataSet(inFolder)).rejects.toThrow(
      'only one class found, "images"; it holds labels.csv: expected',
    );
    const metadata = { ...images("1.jpg", "2.jpg"), "metadata.csv": "file_name,label\n1.jpg,a\n2.jpg,b\n" };
    const { format, classes } = await readDataSet(folder("hugging face", metadata));
    expect({ format, classes }).toEqual({ format: "manifest", classes: ["a", "b"] });
    const other = { ...images("cat/1.jpg", "dog/1.jpg"), "metadata.csv": "camera,lens\nx,y\n" };
    expect((await readDataSet(folder("other metadata", other))).format).toBe("folders");
  });

  it("is not taken for arrays by a stray features.npy, and asks where labels are beside it, too", async () => {
    const stray = { ...images("cat/1.jpg", "dog/1.jpg"), "features.npy": writeNpy(new Float32Array(4), [2, 2]) };
    expect((await readDataSet(folder("stray", stray))).format).toBe("folders");
    const flat = { ...images("cat.1.jpg", "dog.1.jpg"), "features.npy": writeNpy(new Float32Array(4), [2, 2]) };
    expect((await readDataSet(folder("stray flat", flat))).format).toBe("folders");
    const both = folder("labeled stray", { ...stray, "labels.npy": writeNpy(Int32Array.of(0, 1)) });
    await expect(readDataSet(both)).rejects.toThrow("expected `format: arrays` or `format: folders`");
    expect((await readDataSet(both, { format: "arrays" })).format).toBe("arrays");
  });

  it("takes a plain folder, a single class and images without a class to learn without labels from", async () => {
    const plain = await readHeld(folder("unlabeled", images("2.jpg", "1.jpg", "x.jpg")), { unlabeled: true });
    expect(plain.train).toMatchObject({ files: ["1.jpg", "2.jpg", "x.jpg"], labels: Int32Array.of(-1, -1, -1) });
    expect({ classes: plain.classes, notes: plain.notes }).toEqual({ classes: ["unlabeled"], notes: [] });
    const single = await readHeld(folder("one class", images("a/1.jpg", "a/2.jpg")), { unlabeled: true });
    expect(single.train.labels).toEqual(Int32Array.of(0, 0));
    const parts = images("train/b/1.jpg", "train/c.jpg", "train/a/1.jpg", "test/b/2.jpg", "test/z.jpg");
    const mixed = await readHeld(folder("mixed", parts), { unlabeled: true });
    expect(mixed.train.files).toEqual(["train/a/1.jpg", "train/b/1.jpg", "train/c.jpg"]);
    expect(mixed.train.labels).toEqual(Int32Array.of(0, 1, -1));
    expect(mixed.test).toMatchObject({ files: ["test/b/2.jpg"], labels: Int32Array.of(1) });
    expect(mixed.notes).toEqual(["left out: images without a class (1): test/z.jpg"]);
    const judged = images("train/1.jpg", "train/2.jpg", "test/a/1.jpg", "test/b/1.jpg");
    const { classes, train, test } = await readHeld(folder("judged", judged), { unlabeled: true });
    expect({ classes, labels: test?.labels }).toEqual({ classes: ["a", "b"], labels: Int32Array.of(0, 1) });
    expect(train.labels).toEqual(Int32Array.of(-1, -1));
  });

  it("refuses a single class, and names without a class, those of cameras among them", async () => {
    await expect(readDataSet(folder("single", images("a/1.jpg", "a/2.jpg")))).rejects.toThrow(
      'only one class found, "a"',
    );
    for (const names of [
      ["1.jpg", "2.jpg"],
      ["DSC_0001.jpg", "IMG_0002.jpg", "DSCF0003.jpg", "image (4).jpg"],
    ]) {
      await expect(readDataSet(folder(`nameless ${names[0]}`, images(...names)))).rejects.toThrow(
        `images without a class, such as ${[...names].sort()[0]}; expected a folder a class`,
      );
    }
    const named = readDataSet(folder("no images", { "a/x.txt": "" }), { format: "folders" });
    await expect(named).rejects.toThrow("has no images (it holds files ending in .txt); expected a folder a class");
  });
});
