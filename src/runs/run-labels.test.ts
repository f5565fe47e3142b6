import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { embeddings } from "../../test/support/small-data.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { manifestText, pinnedText, type ReviewedSample } from "../review/index.js";
import { prepare } from "./prepare.js";
import { parseRecipe, type RecipeInput } from "./recipe/schema.js";
import { createRun } from "./run-folder.js";
import { readRunLabels } from "./run-labels.js";

const folder = temporaryFolder();

/** Twenty samples to train on, of which the run takes ten, and eight for validation, which come after them. */
const arrays = Object.entries(embeddings(20));
const held = Object.entries(embeddings(8)).map(([name, content]) => [name.replace("train", "val"), content] as const);
const data = folder("arrays", Object.fromEntries([...arrays, ...held]));
const keys: RecipeInput = { data, limitTrain: 10, device: "cpu" };
const prepared = (more: Partial<RecipeInput> = {}) => prepare(parseRecipe({ ...keys, ...more }));

/** A run folder as training begins it. */
async function begun(name: string, more: Partial<RecipeInput> = {}): Promise<string> {
  const run = join(folder("runs"), name);
  createRun(run, await prepared(more));
  return run;
}

describe("the labels of a run, read without its network", () => {
  it("are those trained on, after noise", async () => {
    const { train, classes } = await readRunLabels(await begun("noisy", { noise: "symmetric:0.5" }), {});
    const expected = await prepared({ noise: "symmetric:0.5" });
    expect(train.labels).toEqual(expected.train.labels);
    expect(classes).toEqual(expected.classes);
    expect(expected.noise.length).toBeGreaterThan(0);
  });

  it("are written by positions in the data, so that a part of it is corrected in its place", async () => {
    const read = await readRunLabels(await begun("part"), {});
    expect(Array.from(read.positions)).toEqual([...Array(10).keys(), ...Array.from({ length: 8 }, (_, i) => 20 + i)]);
    const next = (label: number) => read.classes[(label + 1) % read.classes.length]!;
    const labels = Array.from(read.train.labels, next);
    const files = folder("lists");
    const [list, pinned] = [join(files, "labels.csv"), join(files, "pinned.csv")];
    const labeled = { ...read, path: null };
    writeFileSync(list, manifestText({ file: list, train: labels }, labeled));
    const confirmed = [3, 12].map((index): ReviewedSample => {
      const [label, given] = [labels[index]!, read.classes[read.train.labels[index]!]!];
      return { part: "train", index, file: null, given, label, decision: null, pinned: false };
    });
    writeFileSync(pinned, pinnedText(confirmed, pinned, labeled));
    const corrected = await prepared({ labels: list, pinned });
    expect(Array.from(corrected.train.labels, (label) => corrected.classes[label])).toEqual(labels);
    expect(corrected.pinned).toEqual(Int32Array.of(3, 12));
  });

  it("are refused where the data has changed", async () => {
    const run = await begun("changed", { limitTrain: 5 });
    const other = folder("other", Object.fromEntries(Object.entries(embeddings(12))));
    await expect(readRunLabels(run, { data: other })).rejects.toThrow("reading the run's labels: ");
    rmSync(run, { recursive: true });
    await expect(readRunLabels(run, {})).rejects.toThrow("is not a run folder");
  });
});
