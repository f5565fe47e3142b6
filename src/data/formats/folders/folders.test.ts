import { chmodSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { readHeld } from "../../../../test/support/held.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { readDataSet } from "../../formats.js";
import { writeNpy } from "../../tables/npy.js";

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

  it("takes train and test folders", async () => {
    const { classes, train, test, notes } = await readHeld(
      folder("parts", images("train/a/1.jpg", "train/b/1.jpg", "test/b/2.jpg")),
    );
    expect({ classes, notes }).toEqual({ classes: ["a", "b"], notes: [] });
    expect(train.files).toEqual(["train/a/1.jpg", "train/b/1.jpg"]);
    expect(test).toMatchObject({ files: ["test/b/2.jpg"], labels: Int32Array.of(1) });
  });

  it.each(["val", "valid", "Validation", "dev", "val_images"])("takes a folder %s for validation", async (name) => {
    const path = folder(`parts ${name}`, images("train/a/1.jpg", "train/b/1.jpg", `${name}/b/2.jpg`));
    const { train, validation, test } = await readHeld(path);
    const files = ["train/a/1.jpg", "train/b/1.jpg", `${name}/b/2.jpg`].sort();
    expect(train.files).toEqual(files);
    expect(validation).toEqual(Int32Array.of(files.indexOf(`${name}/b/2.jpg`)));
    expect(test).toBeNull();
  });

  it.each<[string, string, string, string, Record<string, string>]>([
    [
      "Tiny ImageNet's",
      "val/images",
      ".JPEG",
      "val/val_annotations.txt",
      { "val/val_annotations.txt": "val_0.JPEG\tb\t0\t1\t9\t9\nval_1.JPEG\ta\t0\t1\t9\t9\n" },
    ],
    [
      "Kaggle's of ImageNet",
      "val",
      ".JPEG",
      "LOC_val_solution.csv",
      { "LOC_val_solution.csv": "ImageId,PredictionString\nval_0,b 1 2 3 4\nval_1,a 1 2 3 4 b 0 0 1 1\n" },
    ],
    ["a list by name", "val", ".png", "val.txt", { "val.txt": "val/val_0.png b\nval/val_1.png a\n" }],
    ["a list by number", "val", ".png", "val.txt", { "val.txt": "val_0.png 1\nval_1.png 0\n" }],
    [
      "a table in another order",
      "val",
      ".png",
      "val_labels.csv",
      { "val_labels.csv": "label;file\na;val_1.png\nb;val_0.png\n" },
    ],
  ])("takes the labels of a flat validation part from a table: %s", async (name, flat, ending, table, tables) => {
    const lists = [`${flat}/val_0${ending}`, `${flat}/val_1${ending}`];
    const path = folder(`flat ${name}`, { ...images("train/a/1.jpg", "train/b/1.jpg", ...lists), ...tables });
    const { train, validation, notes } = await readHeld(path);
    const held = Array.from(validation ?? [], (i) => [train.files?.[i], train.labels[i]]);
    expect(held).toEqual([
      [lists[0], 1],
      [lists[1], 0],
    ]);
    expect(notes.join("\n")).toContain(`${table} gives the classes of 2 of 2 validation images (column `);
  });

  it("leaves out a flat validation part that no table labels, and images that its table does not name", async () => {
    const flat = images("train/a/1.jpg", "train/b/1.jpg", "val/x_1.jpg", "val/x_2.jpg");
    const tables = { "words.csv": "x_1.jpg,nothing\nx_2.jpg,known\n", "val.csv": "other.jpg,a\nothers.jpg,b\n" };
    const none = await readHeld(folder("flat none", { ...flat, ...tables }));
    expect(none.validation).toBeUndefined();
    expect(none.notes.join("\n")).toContain("there is no validation part: no image in val has a class of training");
    const some = await readHeld(folder("flat some", { ...flat, "val/labels.csv": "file,class\nx_2.jpg,b\n" }));
    expect(some.validation).toHaveLength(1);
    expect(some.notes).toContain("left out: images without a class (1): val/x_1.jpg");
  });

  it("says what it left out", async () => {
    const others = { "train/notes.txt": "", "train/a/list.csv": "", "train/c/.keep": "" };
    const files = images(
      "train/a/1.jpg",
      "train/b/1.jpg",
      "train/loose.jpg",
      "val/a/1.jpg",
      "test/a/9.jpg",
      "pred/1.jpg",
    );
    const { test, validation, notes } = await readHeld(folder("both", { ...files, ...others }));
    expect(test?.files).toEqual(["test/a/9.jpg"]);
    expect(validation).toEqual(Int32Array.of(2));
    expect(notes).toEqual([
      "left out: folders that are no part of the data (1): pred",
      "left out: images without a class (1): train/loose.jpg",
      "left out: folders without an image (1): c",
      "left out: files that are no images (2): .csv, .txt",
    ]);
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

  it("resizes the short side to the size asked for, and crops the center", async () => {
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

  it("follows links to folders elsewhere", async () => {
    const path = folder("links", images("a/1.jpg"));
    symlinkSync(folder("elsewhere", images("2.jpg")), join(path, "b"));
    expect((await readDataSet(path)).train.files).toEqual(["a/1.jpg", "b/2.jpg"]);
  });

  it("reads each real folder once, whatever links lead back to it", async () => {
    const path = folder("loops", images("cat/1.jpg", "cat/in/2.jpg", "dog/1.jpg", "owl/1.jpg"));
    symlinkSync(path, join(path, "dog", "root"));
    symlinkSync(join(path, ".."), join(path, "dog", "up"));
    symlinkSync(join(path, "cat"), join(path, "dog", "cats"));
    symlinkSync(join(path, "cat", "in"), join(path, "bird"));
    symlinkSync("self", join(path, "owl", "self"));
    const { train, classes, notes } = await readDataSet(path);
    expect(train.files).toEqual(["cat/1.jpg", "cat/in/2.jpg", "dog/1.jpg", "owl/1.jpg"]);
    expect(classes).toEqual(["cat", "dog", "owl"]);
    expect(notes).toContain(
      "left out: links to folders that were read already (4): bird, dog/cats, dog/root and 1 more",
    );
  });

  it("names a file that links put into two classes", async () => {
    const path = folder("shared", images("cat/1.jpg", "dog/1.jpg"));
    symlinkSync(join(path, "cat", "1.jpg"), join(path, "dog", "2.jpg"));
    const { train, notes } = await readDataSet(path);
    expect(train.files).toHaveLength(3);
    expect(notes).toEqual(["files in two classes (1): cat/1.jpg is dog/2.jpg"]);
  });

  it.each(["@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", "__MACOSX", "lost+found", "@Recycle"])(
    "leaves out %s, which systems make, wherever it is",
    async (name) => {
      const files = images("cat/1.jpg", "dog/1.jpg", `${name}/1.jpg`, `cat/${name}/thumbnail.jpg`);
      const { classes, train, notes } = await readDataSet(folder(`system ${name}`, files));
      expect(classes).toEqual(["cat", "dog"]);
      expect(train.files).toEqual(["cat/1.jpg", "dog/1.jpg"]);
      expect(notes).toEqual([`left out: folders that systems make (2): ${name}, cat/${name}`]);
    },
  );

  it("leaves out a folder that cannot be read, with the reason, and refuses it under strict", async () => {
    const path = folder("names", images("cat/1.jpg", "dog/1.jpg", "dog/x/1.jpg"));
    renameSync(join(path, "dog", "x"), Buffer.from(`${join(path, "dog")}/caf\xe9`, "latin1"));
    const { train, notes } = await readDataSet(path);
    expect(train.files).toEqual(["cat/1.jpg", "dog/1.jpg"]);
    expect(notes).toEqual(["left out: folders that cannot be read (1): dog/caf\ufffd (its name is not UTF-8)"]);
    await expect(readDataSet(path, { strict: true })).rejects.toThrow("cannot be read: dog/caf");
  });

  it.skipIf(process.getuid?.() === 0)("says that a folder or an image may not be read", async () => {
    const path = folder("locked", images("cat/1.jpg", "dog/1.jpg", "dog/2.jpg", "owl/1.jpg"));
    chmodSync(join(path, "dog", "2.jpg"), 0);
    chmodSync(join(path, "owl"), 0);
    const { notes } = await readDataSet(path);
    chmodSync(join(path, "owl"), 0o700);
    expect(notes).toContain("left out: folders that cannot be read (1): owl (no permission to read it)");
    expect(notes.join()).toContain("dog/2.jpg (no permission to read it)");
  });

  it("takes .jfif and images without an ending", async () => {
    const path = folder("endings", { ...images("cat/1.jfif", "cat/a1b2", "dog/0"), "dog/README": "words" });
    const { train, notes } = await readDataSet(path);
    expect(train.files).toEqual(["cat/1.jfif", "cat/a1b2", "dog/0"]);
    expect(notes).toEqual(["left out: files that are no images (1): no ending"]);
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

  it("leaves out images that cannot be decoded, and refuses them under strict", async () => {
    const path = folder("corrupt", { ...images("a/1.jpg", "b/1.jpg"), "a/0.jpg": "" });
    const { train, notes } = await readHeld(path);
    expect(train.files).toEqual(["a/1.jpg", "b/1.jpg"]);
    expect(notes).toEqual(["1 of 3 images cannot be decoded and were skipped: a/0.jpg (the file is empty)"]);
    await expect(readDataSet(path, { strict: true })).rejects.toThrow("a/0.jpg cannot be decoded");
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

  it("leaves out test images of a class that training lacks", async () => {
    const path = folder("unknown", images("train/a/1.jpg", "train/b/1.jpg", "test/z/1.jpg", "test/a/2.jpg"));
    const { test, notes } = await readDataSet(path);
    expect(test).toMatchObject({ files: ["test/a/2.jpg"] });
    expect(notes).toEqual(["left out: 1 of 2 test images, of classes that training lacks: z"]);
  });

  it.each([
    ["ImageNet as it is downloaded", ["val/ILSVRC2012_val_00000001.JPEG", "val/ILSVRC2012_val_00000002.JPEG"]],
    ["Tiny ImageNet", ["val/images/val_0.JPEG", "test/images/test_0.JPEG"]],
    ["test pictures by number", ["test/test_0.jpg", "val/0.jpg"]],
  ])("trains where the other parts have no classes: %s", async (name, others) => {
    const path = folder(`classless ${name}`, images("train/n01/1.JPEG", "train/n02/2.JPEG", ...others));
    const { train, validation, test, notes } = await readDataSet(path);
    expect(train.files).toEqual(["train/n01/1.JPEG", "train/n02/2.JPEG"]);
    expect({ validation, test }).toEqual({ validation: undefined, test: null });
    expect(notes.join("\n")).toMatch(/there is no (validation|test) part: no image in \S+ has a class of training/);
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

describe("folders of parts", () => {
  it.each<[string, string[], { train: string; validation?: string; test?: string; note?: string }]>([
    [
      "in words of a name",
      ["training_set/a/1.jpg", "training_set/b/1.jpg", "test_set/a/2.jpg"],
      { train: "training_set", test: "test_set", note: "training_set is for training, test_set is for test" },
    ],
    [
      "in folders of the same name",
      ["training_set/training_set/a/1.jpg", "training_set/training_set/b/1.jpg", "test_set/test_set/a/2.jpg"],
      { train: "training_set/training_set", test: "test_set/test_set" },
    ],
    [
      "each in a folder of the same name, with pictures to predict",
      [
        "seg_train/seg_train/a/1.jpg",
        "seg_train/seg_train/b/1.jpg",
        "seg_test/seg_test/a/2.jpg",
        "seg_pred/seg_pred/3.jpg",
      ],
      {
        train: "seg_train/seg_train",
        test: "seg_test/seg_test",
        note: "left out: folders that are no part of the data (1): seg_pred",
      },
    ],
    [
      "in a folder of the data set",
      ["photos/train/a/1.jpg", "photos/train/b/1.jpg", "photos/valid/a/2.jpg", "photos/test/b/3.jpg"],
      {
        train: "photos/train",
        validation: "photos/valid",
        test: "photos/test",
        note: "the data is in photos, the only folder of ",
      },
    ],
    [
      "in camel case",
      ["TrainImages/a/1.jpg", "TrainImages/b/1.jpg", "EvalImages/a/2.jpg"],
      { train: "TrainImages", test: "EvalImages" },
    ],
    [
      "beside other folders",
      ["train/a/1.jpg", "train/b/1.jpg", "test/a/2.jpg", "extra/9.jpg"],
      { train: "train", test: "test" },
    ],
  ])("are found %s", async (name, files, expected) => {
    const { train, validation, test, notes } = await readDataSet(folder(`found ${name}`, images(...files)));
    const under = (part?: string) => files.filter((file) => part !== undefined && file.startsWith(`${part}/`));
    const held = [...(validation ?? [])].map((i) => train.files?.[i]);
    expect(held).toEqual(under(expected.validation));
    expect(train.files?.filter((file) => !held.includes(file))).toEqual(under(expected.train));
    expect(test?.files ?? []).toEqual(under(expected.test));
    if (expected.note !== undefined) expect(notes.join("\n")).toContain(expected.note);
  });

  it("are found inside the classes", async () => {
    const files = ["cat", "dog"].flatMap((name) => ["test", "train", "val"].map((part) => `${name}/${part}/1.jpg`));
    const { classes, train, validation, test, notes } = await readDataSet(folder("in classes", images(...files)));
    expect(classes).toEqual(["cat", "dog"]);
    expect(train.files).toEqual(["cat/train/1.jpg", "cat/val/1.jpg", "dog/train/1.jpg", "dog/val/1.jpg"]);
    expect(validation).toEqual(Int32Array.of(1, 3));
    expect(test).toMatchObject({ files: ["cat/test/1.jpg", "dog/test/1.jpg"], labels: Int32Array.of(0, 1) });
    expect(notes).toEqual(["the folders in the classes are parts: train and others"]);
  });

  it.each([
    ["train", ["train/DSC_0001.jpg", "train/IMG_0002.jpg", "bus/DSC_0003.jpg", "car/IMG_0004.jpg"]],
    ["test", ["test/1.jpg", "bus/1.jpg", "car/1.jpg"]],
    ["valid", ["valid/1.jpg", "invalid/1.jpg"]],
  ])("are classes where a folder %s has only classes beside it", async (name, files) => {
    const { classes, test } = await readDataSet(folder(`class ${name}`, images(...files)));
    expect(classes).toEqual([...new Set(files.map((file) => file.split("/")[0]))].sort());
    expect(test).toBeNull();
  });

  it.each([
    ["classes in train, classes beside it", ["train/steam/1.jpg", "train/diesel/1.jpg", "bus/1.jpg", "car/1.jpg"]],
    ["names of classes in train", ["train/cat.1.jpg", "train/dog.1.jpg", "bus/1.jpg", "car/1.jpg"]],
  ])("are refused with both readings where both are possible: %s", async (name, files) => {
    const path = folder(`open ${name}`, images(...files));
    await expect(readDataSet(path)).rejects.toThrow(
      "has the folders bus, car, train: either train is a part of the data, or all of them are classes; " +
        "expected `trainDir: train`, or `trainDir: .` for classes",
    );
    expect((await readDataSet(path, { trainDir: "." })).classes).toEqual(["bus", "car", "train"]);
    expect((await readDataSet(path, { trainDir: "train" })).classes).toHaveLength(2);
    await expect(readDataSet(path, { trainDir: "trian" })).rejects.toThrow("`trainDir: trian`");
  });

  it("are refused without one for training, and with two", async () => {
    const none = folder("no train", images("val/a/1.jpg", "val/b/1.jpg", "test/a/1.jpg"));
    await expect(readDataSet(none)).rejects.toThrow(
      "has the folders test, val: they are read as parts, none of them for training",
    );
    expect((await readDataSet(none, { trainDir: "val" })).test).toMatchObject({ files: ["test/a/1.jpg"] });
    const two = folder("two trains", images("train_a/a/1.jpg", "train_b/b/1.jpg", "test/a/1.jpg"));
    await expect(readDataSet(two)).rejects.toThrow("train_a and train_b both look like the training part");
  });
});
