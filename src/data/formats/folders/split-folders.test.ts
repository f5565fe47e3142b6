import { describe, expect, it } from "vitest";
import { readHeld } from "../../../../test/support/held.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { tinyImages } from "../../../../test/support/tiny-images.js";
import { readDataSet } from "../../formats.js";

const folder = temporaryFolder();
const images = await tinyImages();

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

describe("class folders in parts", () => {
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
});
