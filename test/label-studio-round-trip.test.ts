// A data set on its way through Label Studio: trained on, reviewed, exported, labeled there, trained on again.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDataSet } from "../src/data/index.js";
import { inspectRun } from "../src/evaluation/index.js";
import { findIssues } from "../src/issues/index.js";
import { appendReview } from "../src/review/index.js";
import { readRunRecipe } from "../src/runs/index.js";
import { train } from "../src/training/index.js";
import { selfadapt } from "./support/command.js";
import { pictures } from "./support/picture-folder.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();
const recipe = {
  model: "resnet18",
  width: 2,
  epochs: 2,
  batchSize: 8,
  imageSize: 16,
  augment: "none",
  precision: "fp32",
  device: "cpu",
} as const;

interface Task {
  readonly data: { readonly image: string; readonly given: string; readonly part: string };
  annotations?: object[];
}

/** What a person does in Label Studio: one choice for an image. */
const annotation = (choice: string) => ({
  was_cancelled: false,
  lead_time: 1.5,
  result: [{ type: "choices", from_name: "label", to_name: "image", value: { choices: [choice] } }],
});

describe("a data set", () => {
  it("comes back from Label Studio with the labels that were changed there", async () => {
    const data = folder("data", await pictures({ each: 6, tested: 2 }));
    const run = join(folder("runs"), "first");
    await train({ ...recipe, data, noise: "symmetric:0.3" }, { out: run });
    const { issues } = await findIssues(await inspectRun(run), { types: [] });
    const [reviewed] = issues;
    const suggested = reviewed!.suggested;
    appendReview(run, {
      kind: "verdict",
      reviewer: "me",
      part: "train",
      samples: [reviewed!.index],
      verdict: "relabel",
      label: suggested,
    });

    const file = join(data, "tasks.json");
    const { status, stderr } = selfadapt(["review", run, "--export", "label-studio", file, "--threads", "1"]);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const tasks = JSON.parse(readFileSync(file, "utf8")) as Task[];
    const changed = tasks.findIndex(({ annotations, data: { part } }) => annotations === undefined && part === "train");
    const other = tasks[changed]!.data.given === "class0" ? "class1" : "class0";
    tasks[changed]!.annotations = [annotation(other)];
    writeFileSync(file, JSON.stringify(tasks));

    const read = await readDataSet(file);
    const before = await readDataSet(data);
    expect(read.format).toBe("label-studio");
    expect(read.train.files).toEqual(before.train.files);
    expect(read.test?.files).toEqual(before.test?.files);
    const names = Array.from(read.train.labels, (label) => read.classes[label]);
    const expected = tasks.filter(({ data: { part } }) => part === "train").map(({ data: { given } }) => given);
    expected[reviewed!.index] = suggested;
    expected[changed] = other;
    expect(names).toEqual(expected);

    const again = join(folder("runs"), "second");
    await train({ ...recipe, data: file }, { out: again });
    expect(readRunRecipe(again).recipe.data).toBe(file);
  });
});
