import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readHeld } from "../../../../test/support/held.js";
import { picture } from "../../../../test/support/picture-folder.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { InputError } from "../../../errors.js";
import { readDataSet } from "../../formats.js";

const folder = temporaryFolder();
let image: Uint8Array;
beforeAll(async () => {
  image = await picture(1, 12, 8);
});
let count = 0;

/** A folder with these texts, and pictures of these names. */
const place = (texts: Readonly<Record<string, unknown>>, pictures: readonly string[]): string => {
  const written = Object.entries(texts).map(([name, text]) => [
    name,
    typeof text === "string" ? text : JSON.stringify(text),
  ]);
  return folder(`labels ${count++}`, {
    ...Object.fromEntries(written),
    ...Object.fromEntries(pictures.map((name) => [name, image])),
  });
};
const labelsOf = async (path: string, options = {}) => {
  const { classes, train, validation, test, notes, format } = await readHeld(path, options);
  const named = Object.fromEntries((train.files ?? []).map((file, i) => [file, classes[train.labels[i] as number]]));
  return { format, classes, labels: named, validation: [...(validation ?? [])], test: test?.files ?? null, notes };
};
async function refusal(path: string, options = {}): Promise<string> {
  const error = await readDataSet(path, options).catch((caught: Error) => caught);
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).not.toContain("\n");
  return (error as Error).message;
}

const choice = (...choices: string[]) => ({
  type: "choices",
  from_name: "label",
  to_name: "image",
  value: { choices },
});
const annotated = (...choices: string[]) => ({ result: [choice(...choices)], was_cancelled: false, lead_time: 2.1 });
const url = (name: string) => `/data/local-files/?d=${encodeURIComponent(name)}`;

describe("Label Studio's exports", () => {
  const read = (tasks: unknown, pictures: readonly string[], options = {}) =>
    labelsOf(join(place({ "export.json": tasks }, pictures), "export.json"), options);

  it("have the choices of annotations as labels; predictions are none", async () => {
    const tasks = [
      {
        id: 1,
        data: { image: url("in/ä 1.jpg") },
        annotations: [annotated("owl")],
        predictions: [{ score: 0.9, result: [choice("lynx")] }],
      },
      { id: 2, data: { image: "/data/upload/3/0123abcd-2.jpg" }, annotations: [annotated("lynx")] },
      { id: 3, data: { image: url("3.jpg") }, annotations: [], predictions: [{ result: [choice("owl")] }] },
      { id: 4, data: { image: url("4.jpg") }, annotations: [{ result: [], was_cancelled: true }] },
    ];
    const found = await read(tasks, ["in/ä 1.jpg", "2.jpg", "3.jpg", "4.jpg"]);
    expect(found).toMatchObject({ format: "label-studio", labels: { "in/ä 1.jpg": "owl", "2.jpg": "lynx" } });
    expect(found.notes.at(-1)).toBe("left out: 2 of 4 samples have no label: 3.jpg, 4.jpg");
  });

  it("have the label of most annotators; where they are divided, none", async () => {
    const of = (name: string, ...choices: string[]) => ({
      data: { image: url(name) },
      annotations: choices.map((each) => annotated(each)),
    });
    const tasks = [of("1.jpg", "owl", "lynx", "owl"), of("2.jpg", "owl", "lynx"), of("3.jpg", "lynx")];
    expect((await read(tasks, ["1.jpg", "2.jpg", "3.jpg"])).labels).toEqual({ "1.jpg": "owl", "3.jpg": "lynx" });
  });

  it("have the given label among the fields of a task without annotations, and the part", async () => {
    const tasks = ["train", "train", "validation", "test"].map((part, i) => ({
      data: { image: url(`${i}.jpg`), given: i % 2 ? "owl" : "lynx", part },
      predictions: [{ model_version: "given label", result: [] }],
    }));
    const found = await read(tasks, ["0.jpg", "1.jpg", "2.jpg", "3.jpg"]);
    expect(found).toMatchObject({
      labels: { "0.jpg": "lynx", "1.jpg": "owl", "2.jpg": "lynx" },
      validation: [2],
      test: ["3.jpg"],
    });
  });

  it("may be JSON-MIN, a row an annotation", async () => {
    const rows = ["owl", "lynx"].map((animal, i) => ({
      id: i,
      image: url(`${i}.jpg`),
      animal,
      annotation_id: i,
      annotator: 1,
      lead_time: 2,
    }));
    expect((await read(rows, ["0.jpg", "1.jpg"])).labels).toEqual({ "0.jpg": "owl", "1.jpg": "lynx" });
  });

  it("are refused in one line for other kinds of tasks", async () => {
    const path = (tasks: unknown) => join(place({ "export.json": tasks }, ["1.jpg"]), "export.json");
    const task = (data: object, ...choices: string[]) => ({ data, annotations: [annotated(...choices)] });
    expect(await refusal(path([task({ image: url("1.jpg") }, "owl", "lynx")]))).toContain(
      "task 1: owl, lynx; expected one choice an image",
    );
    expect(await refusal(path([task({ text: "words" }, "owl")]))).toContain(
      "its fields are text, and none names an image",
    );
    expect(await refusal(path([task({ image: url("2.jpg") }, "owl")]))).toContain('file "2.jpg" does not exist');
    expect(await refusal(path([task({ image: url("1.jpg") }, "owl"), { data: 3, annotations: [] }]))).toMatch(
      /task 2: data: expected record/,
    );
    expect(await refusal(path({ a: 1 }), { format: "label-studio" })).toContain("no JSON list of tasks");
  });
});

describe("a task of Label Studio", () => {
  const tasks = (split: string) =>
    ["100%.jpg", "2.jpg"].map((name, i) => ({
      data: { image: `/data/local-files/?d=${name}`, split: i === 0 ? split : "train" },
      annotations: [annotated(i === 0 ? "owl" : "lynx")],
    }));
  const exported = (split: string) =>
    join(place({ "export.json": tasks(split) }, ["100%.jpg", "2.jpg"]), "export.json");

  it("may have a percent sign in the name of its image", async () => {
    expect((await labelsOf(exported("train"))).labels).toEqual({ "100%.jpg": "owl", "2.jpg": "lynx" });
  });

  it("is refused for a part that is none", async () => {
    expect(await refusal(exported("holdout"))).toContain('task 1: split "holdout"; expected train, validation or test');
  });
});

describe("FiftyOne's labels.json", () => {
  const labels = { classes: ["lynx", "mole", "owl"], labels: { "1": 2, "in/2": 0, "3": null } };

  it("numbers the classes of images in data, by their names without an ending", async () => {
    const path = place({ "labels.json": labels }, ["data/1.jpg", "data/in/2.jpg", "data/3.jpg"]);
    const expected = {
      format: "fiftyone",
      classes: labels.classes,
      labels: { "data/1.jpg": "owl", "data/in/2.jpg": "lynx" },
    };
    expect(await labelsOf(path)).toMatchObject(expected);
    expect(await labelsOf(join(path, "labels.json"))).toMatchObject(expected);
  });

  it("lies in the folder of each part, or beside the images", async () => {
    const both = { classes: ["lynx", "owl"], labels: { a: 0, b: 1 } };
    const path = place({ "train/labels.json": both, "val/labels.json": both }, [
      "train/data/a.jpg",
      "train/data/b.jpg",
      "val/data/a.jpg",
      "val/data/b.jpg",
    ]);
    expect((await labelsOf(path)).validation).toEqual([2, 3]);
    expect((await labelsOf(place({ "labels.json": both }, ["in/a.jpg", "in/b.jpg"]))).labels).toEqual({
      "in/a.jpg": "lynx",
      "in/b.jpg": "owl",
    });
  });

  it("has the classes of the training part; other parts may lack some", async () => {
    const path = place(
      {
        "test/labels.json": { classes: ["owl", "wren"], labels: { c: 0, d: 1 } },
        "train/labels.json": { classes: ["lynx", "owl"], labels: { a: 0, b: 1 } },
      },
      ["test/data/c.jpg", "test/data/d.jpg", "train/data/a.jpg", "train/data/b.jpg"],
    );
    expect(await labelsOf(path)).toMatchObject({
      classes: ["lynx", "owl"],
      labels: { "train/data/a.jpg": "lynx", "train/data/b.jpg": "owl" },
      test: ["test/data/c.jpg"],
      notes: expect.arrayContaining(['left out: 1 of 2 test samples, of classes that training lacks: "wren"']),
    });
  });

  it("is refused where a label is out of range or a picture is missing", async () => {
    const path = place({ "labels.json": { ...labels, labels: { "1": 3 } } }, ["data/1.jpg"]);
    expect(await refusal(path)).toContain("label 3 is out of range; expected 0 to 2");
    expect(await refusal(place({ "labels.json": labels }, ["data/1.jpg"]))).toContain(
      'file "3" does not exist, nor do 1 more files',
    );
  });
});

describe("Datumaro's annotations", () => {
  const json = (items: unknown, names = ["lynx", "owl"]) => ({
    categories: { label: { labels: names.map((name) => ({ name, parent: "" })) } },
    items,
  });
  const item = (id: string, label_id: number, more = {}) => ({
    id,
    annotations: [{ type: "label", label_id }],
    ...more,
  });

  it("are read for each subset, by the paths or names of images", async () => {
    const train = json([
      item("1", 1),
      item("2", 0, { image: { path: "in/2.jpg" } }),
      { id: "3", annotations: [{ type: "bbox" }] },
    ]);
    const path = place({ "annotations/train.json": train, "annotations/test.json": json([item("4", 0)]) }, [
      "images/train/1.jpg",
      "images/train/in/2.jpg",
      "images/train/3.jpg",
      "images/test/4.jpg",
    ]);
    expect(await labelsOf(path)).toMatchObject({
      format: "datumaro",
      labels: { "images/train/1.jpg": "owl", "images/train/in/2.jpg": "lynx" },
      test: ["images/test/4.jpg"],
    });
  });

  it("are refused for labels out of range, several labels, and categories that differ", async () => {
    const one = (items: unknown, more = {}) => place({ "annotations/default.json": json(items), ...more }, ["1.jpg"]);
    expect(await refusal(one([item("1", 2)]))).toContain("item 1: label_id 2 is out of range; expected 0 to 1");
    const several = { id: "1", annotations: [item("1", 0), item("1", 1)].flatMap(({ annotations }) => annotations) };
    expect(await refusal(one([several]))).toContain("several labels; expected one an image");
    const other = { "annotations/test.json": json([], ["owl", "lynx"]) };
    expect(await refusal(one([item("1", 0)], other))).toContain("other categories than in");
  });
});

describe("ImageNet's lists", () => {
  it("name a class number for each image", async () => {
    const path = place({ "synsets.txt": "lynx\nowl\n", "train.txt": "a/1 1\n2.jpg 0\n", "val.txt": "3 1\n" }, [
      "a/1.jpg",
      "2.jpg",
      "3.jpg",
    ]);
    expect(await labelsOf(path)).toMatchObject({
      format: "imagenet-txt",
      labels: { "a/1.jpg": "owl", "2.jpg": "lynx", "3.jpg": "owl" },
      validation: [2],
    });
  });

  it("of no part are left out where another is for training", async () => {
    const lists = { "train.txt": "1 0\n2 1\n", "val.txt": "3 1\n", "trainval.txt": "1 0\n2 1\n3 1\n" };
    const path = place({ "synsets.txt": "lynx\nowl\n", ...lists }, ["1.jpg", "2.jpg", "3.jpg"]);
    const { labels, notes } = await labelsOf(path);
    expect(Object.keys(labels)).toHaveLength(3);
    expect(notes).toContain("left out: lists of no part (1): trainval.txt");
  });

  it("are refused for lines without a number and numbers out of range", async () => {
    const path = (line: string) => place({ "synsets.txt": "lynx\nowl\n", "train.txt": `${line}\n` }, ["1.jpg"]);
    expect(await refusal(path("1.jpg"))).toContain('line 1: "1.jpg"; expected a file and a class number');
    expect(await refusal(path("1.jpg 2"))).toContain("class 2 is out of range; expected 0 to 1");
  });
});
