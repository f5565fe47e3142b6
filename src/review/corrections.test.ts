import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { photos } from "../../test/support/small-data.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { readDataSet } from "../data/index.js";
import { InputError } from "../errors.js";
import { parseAction, type ReviewActionInput } from "./actions.js";
import {
  type ExportFormat,
  exportText,
  isConfirmed,
  type LabeledData,
  pinnedText,
  reviewedData,
  reviewState,
} from "./index.js";

const folder = temporaryFolder();
const stateOf = (...actions: Partial<ReviewActionInput>[]) =>
  reviewState(actions.map((action, i) => parseAction(action, String(i))));

const arrays: LabeledData = {
  path: null,
  classes: ["cat", "dog"],
  train: { labels: Int32Array.of(0, 0, 1, 1, 0, 1) },
  test: { labels: Int32Array.of(0, 1) },
};
const shown = { given: ["cat"], suggested: ["dog"], pWrong: [0.75] };
const verdicts = [
  { samples: [0], verdict: "right" },
  { samples: [1], verdict: "relabel", label: "dog", shown },
  { samples: [2], verdict: "none", part: "validation" },
  { samples: [3], verdict: "ambiguous" },
  { samples: [4], verdict: "later" },
  { samples: [0], verdict: "relabel", label: "dog", part: "test" },
] as const;

describe("the data after a review", () => {
  it("has labels confirmed, replaced and left out, those of ambiguous and open samples as they were", () => {
    const reviewed = reviewedData(stateOf(...verdicts), arrays);
    expect(reviewed.samples.map(({ label }) => label)).toEqual(["cat", "dog", null, "dog", "cat", "dog", "dog", "dog"]);
    expect(reviewed.samples.map(({ part }) => part)).toEqual([...Array(6).fill("train"), "test", "test"]);
    expect(reviewed).toMatchObject({ relabeled: 2, leftOut: 1, confirmed: 1, disputed: 0 });
    expect(reviewed.samples.filter(isConfirmed).map(({ part, index }) => `${part} ${index}`)).toEqual([
      "train 0",
      "train 1",
      "test 0",
    ]);
  });

  it("confirms a label where a reviewer gives the class that it has, and another says that it is right", () => {
    const state = stateOf(
      { samples: [0], verdict: "right", reviewer: "ann" },
      { samples: [0], verdict: "relabel", label: "cat", reviewer: "bob" },
    );
    expect(reviewedData(state, arrays)).toMatchObject({ relabeled: 0, confirmed: 1, disputed: 0 });
  });

  it("keeps labels confirmed that were so before, but for samples with another verdict", () => {
    const pinned = new Set([0, 1, 2, 3, 5]);
    const { samples } = reviewedData(stateOf(...verdicts), { ...arrays, pinned });
    const confirmed = samples.filter((sample) => sample.part !== "test" && isConfirmed(sample));
    expect(confirmed.map(({ index, label }) => [index, label])).toEqual([
      [0, "cat"],
      [1, "dog"],
      [5, "dog"],
    ]);
  });

  it("leaves out what the labels left out, but for samples that a verdict gives a label", () => {
    const actions = [
      { samples: [0], verdict: "right" },
      { samples: [1], verdict: "relabel", label: "dog" },
      { samples: [2], verdict: "ambiguous" },
    ] as const;
    const { samples } = reviewedData(stateOf(...actions), { ...arrays, leftOut: new Set([0, 1, 2, 3]) });
    expect(samples.map(({ label }) => label)).toEqual(["cat", "dog", null, null, "cat", "dog", "cat", "dog"]);
  });

  it("stays as it was where reviewers disagree, unless one of them is chosen", () => {
    const other = { samples: [1, 0], verdict: "right", reviewer: "ann" } as const;
    const both = reviewedData(stateOf(...verdicts, other), arrays);
    expect(both).toMatchObject({ relabeled: 1, confirmed: 1, disputed: 1 });
    expect(both.samples[1]).toMatchObject({ label: "cat", decision: null });
    expect(reviewedData(stateOf(...verdicts, other), arrays, "ann")).toMatchObject({ relabeled: 0, confirmed: 2 });
  });

  it.each<[Partial<ReviewActionInput>, string]>([
    [{ samples: [6], verdict: "right" }, "a verdict on sample 6 of the train part: expected 0 to 5"],
    [
      { samples: [1], verdict: "relabel", label: "dgo" },
      'the label "dgo": expected one of cat, dog; did you mean "dog"?',
    ],
  ])("is refused for a verdict that does not fit it: %j", (verdict, message) => {
    expect(() => reviewedData(stateOf(verdict), arrays)).toThrow(InputError);
    expect(() => reviewedData(stateOf(verdict), arrays)).toThrow(message);
    expect(() => reviewedData(stateOf({ ...verdict, part: "test" }), { ...arrays, test: null })).toThrow("test part");
  });
});

/** Two classes of three pictures with a test set of two. */
async function photoData(name: string): Promise<LabeledData> {
  const parts = { train: 3, test: 1 };
  const files = await Promise.all(
    Object.entries(parts).map(async ([part, each]) =>
      Object.entries(await photos(["cat", "dog"], { each })).map(
        ([file, image]) => [`${part}/${file}`, image] as const,
      ),
    ),
  );
  const path = folder(name, Object.fromEntries(files.flat()));
  return { path, ...(await readDataSet(path)) };
}

describe("exports of reviewed data", () => {
  const exported = (format: ExportFormat, file: string, data: LabeledData) =>
    exportText(format, { file, reviewed: reviewedData(stateOf(...verdicts), data), data });

  it("are read back by train with the labels of the review: manifest, metadata.csv, Label Studio's tasks", async () => {
    const data = await photoData("read-back");
    for (const [format, name] of [
      ["manifest", "m.csv"],
      ["manifest", "m.jsonl"],
      ["metadata", "metadata.csv"],
      ["label-studio", "tasks.json"],
    ] as const) {
      const file = join(data.path!, name);
      const { classes, train, test } = await readDataSet(
        join(folder("read-back", { [name]: exported(format, file, data) }), name),
      );
      const labels = Object.fromEntries(train.files!.map((path, i) => [path, classes[train.labels[i]!]]));
      const [cat, dog] = [data.train.files!.slice(0, 3), data.train.files!.slice(3)];
      expect(labels).toEqual({
        [cat[0]!]: "cat",
        [cat[1]!]: "dog",
        [dog[0]!]: "dog",
        [dog[1]!]: "dog",
        [dog[2]!]: "dog",
      });
      expect(Array.from(test!.labels, (label) => classes[label])).toEqual(["dog", "dog"]);
    }
  });

  it("as csv have a row a sample, with the verdict and cleanlab's columns", async () => {
    const lines = exported("csv", "labels.csv", arrays).split("\n");
    expect(lines[0]).toBe(
      "index,file,part,given_label,corrected_label,is_label_issue,predicted_label,label_quality,verdict,reviewer,time",
    );
    expect(lines.slice(1, 5)).toEqual([
      "0,,train,cat,cat,false,,,right,me,",
      "1,,train,cat,dog,true,dog,0.25,relabel,me,",
      "2,,train,dog,,true,,,none,me,",
      "3,,train,dog,dog,false,,,ambiguous,me,",
    ]);
    expect(lines).toHaveLength(10);
  });

  it("for Label Studio are tasks: verdicts as annotations, the suggestion and open labels as predictions", async () => {
    const data = await photoData("label-studio");
    const tasks = JSON.parse(exported("label-studio", join(data.path!, "tasks.json"), data));
    expect(tasks).toHaveLength(8);
    const choices = (name: string) => [
      { from_name: "label", to_name: "image", type: "choices", value: { choices: [name] } },
    ];
    expect(tasks[1]).toEqual({
      data: { image: expect.stringMatching(/^\/data\/local-files\/\?d=train\/cat\//), given: "cat", part: "train" },
      annotations: [{ result: choices("dog"), was_cancelled: false }],
      predictions: [{ model_version: "selfadapt", score: 0.75, result: choices("dog") }],
    });
    expect(tasks[2]).toMatchObject({ annotations: [{ result: [], was_cancelled: true }], predictions: [] });
    expect(tasks[3]).toMatchObject({ predictions: [{ model_version: "given label", result: choices("dog") }] });
    expect(tasks[3]).not.toHaveProperty("annotations");
  });

  it("for FiftyOne are labels.json: class numbers by path without ending, without samples left out", async () => {
    const data = await photoData("fiftyone");
    const { classes, labels } = JSON.parse(exported("fiftyone", "labels.json", data));
    expect(classes).toEqual(["cat", "dog"]);
    const stem = (file: string) => file.replace(/\.[a-z]+$/, "");
    const [cat, dog] = [data.train.files!.slice(0, 3).map(stem), data.train.files!.slice(3).map(stem)];
    expect(labels).toMatchObject({ [cat[0]!]: 0, [cat[1]!]: 1, [dog[0]!]: 1 });
    expect(labels).not.toHaveProperty([cat[2]!]);
    expect(Object.keys(labels)).toHaveLength(5);
  });

  it.each(["label-studio", "fiftyone", "metadata"] as const)(
    "as %s are refused for data that is not in files",
    (format) => {
      const name = format === "metadata" ? "m.csv" : "m.json";
      expect(() => exported(format, name, arrays)).toThrow(`${format} export lists files: this data is not in files`);
      expect(() => exported(format, "m.txt", arrays)).toThrow('received "m.txt"; expected a name that ends in');
    },
  );

  it("of data without files are lists of index and label, those left out without a label", () => {
    expect(exported("manifest", "labels.csv", arrays)).toBe("index,label\n0,cat\n1,dog\n2,\n3,dog\n4,cat\n5,dog\n");
    const { samples } = reviewedData(stateOf(...verdicts), arrays);
    const confirmed = samples.filter((sample) => sample.part === "train" && isConfirmed(sample));
    expect(pinnedText(confirmed, "pinned.csv", arrays)).toBe("index,label\n0,cat\n1,dog\n");
  });

  it("list confirmed labels by path for data in files", async () => {
    const data = await photoData("pinned");
    const { samples } = reviewedData(stateOf(...verdicts), data);
    const [cat] = data.train.files!;
    expect(pinnedText(samples.filter(isConfirmed).slice(0, 1), join(data.path!, "p.csv"), data)).toBe(
      `file,label\n${cat},cat\n`,
    );
  });
});
