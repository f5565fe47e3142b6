import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { drawn } from "../../test/support/detection.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { byMethod, outcomeOf, tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import { parseNpy } from "../data/index.js";
import { inspectRun } from "../evaluation/index.js";
import { findIssues } from "../issues/index.js";
import { methods } from "../methods/index.js";
import { prepare } from "../runs/prepare.js";
import { parseRecipe, type RecipeInput } from "../runs/recipe/schema.js";
import { readRunLabels } from "../runs/run-labels.js";
import type { TrainingEvent } from "./events.js";
import { train } from "./train.js";

const folder = temporaryFolder();
const perceptron: Partial<RecipeInput> = { ...tinyRecipe, model: "mlp", width: 1, augment: "none" };
const [classes, samples] = [tinyShapes.classes.length, tinyShapes.train.labels.length];
const clean = tinyShapes.train.labels;
/** Every third sample, with its true class, whatever noise says. */
const confirmed = Array.from({ length: samples / 3 }, (_, i) => 3 * i);
const pinned = join(folder("files", { "pinned.csv": listOf(confirmed) }), "pinned.csv");

function listOf(indices: readonly number[]): string {
  return ["index,label", ...indices.map((i) => `${i},${tinyShapes.classes[clean[i]!]}`), ""].join("\n");
}

/** Trains until the given step of this sitting, or to the end; returns the notes. */
async function sitting(input: Partial<RecipeInput>, out: string, resume = false, last = Number.POSITIVE_INFINITY) {
  const [controller, notes] = [new AbortController(), [] as string[]];
  let steps = 0;
  const listener = (event: TrainingEvent) => {
    if (event.type === "note") notes.push(event.text);
    if (event.type === "step" && ++steps === last) controller.abort();
  };
  const options = { out, resume, dataSet: tinyShapes, listeners: [listener], signal: controller.signal };
  await train(byMethod(input), options);
  return notes;
}

/** The targets of a finished run, row by row. */
function targetsOf(run: string): number[][] {
  const { data } = parseNpy(readFileSync(join(run, "targets.npy")));
  return Array.from({ length: samples }, (_, i) => Array.from(data.slice(i * classes, (i + 1) * classes), Number));
}

const oneHot = (label: number) => Array.from({ length: classes }, (_, j) => Number(j === label));
const pinning = methods().filter(({ pinsTargets }) => pinsTargets);
const withTargets = ["sat", "sat-selective", "trades-sat", "elr"];

describe("training with confirmed labels", () => {
  it.each(pinning.map(({ name }) => name))("by %s says so, and resumes exactly", async (objective) => {
    const [whole, stopped] = [folder(`${objective}-whole`), folder(`${objective}-stopped`)];
    const recipe = { ...perceptron, objective, pinned };
    const notes = await sitting(recipe, whole);
    expect(notes).toContain(`${confirmed.length} confirmed labels: these targets never move`);
    await sitting(recipe, stopped, false, 3);
    await sitting({}, stopped, true);
    expect(outcomeOf(stopped)).toEqual(outcomeOf(whole));
  });

  it.each(withTargets)("by %s ends with those targets at the true class, and with others moved", async (objective) => {
    const run = folder(`${objective}-targets`);
    await sitting({ ...perceptron, objective, pinned, epochs: 4 }, run);
    const targets = targetsOf(run);
    for (const i of confirmed) expect(targets[i]).toEqual(oneHot(clean[i]!));
    const free = targets.filter((_, i) => i % 3 !== 0);
    expect(free.filter((target) => Math.max(...target) < 1).length).toBeGreaterThan(free.length / 2);
  });

  it("holds when the start of the targets is detected", async () => {
    const run = folder("detected");
    const memorizing = { noise: "symmetric:0.4", width: 4, epochs: 20, batchSize: 20, lr: 0.02 };
    await train(byMethod({ ...perceptron, startEpoch: "auto", ...memorizing, pinned }), { out: run, dataSet: drawn });
    const targets = targetsOf(run);
    for (const i of confirmed) expect(targets[i]).toEqual(oneHot(clean[i]!));
    expect(targets.some((target) => Math.max(...target) < 1)).toBe(true);
  });

  it("is ranked last by issues, as certainly right", async () => {
    const run = folder("ranked");
    await sitting({ ...perceptron, pinned }, run);
    const { issues } = await findIssues(await inspectRun(run, { dataSet: tinyShapes }), { types: [] });
    const last = issues.slice(-confirmed.length);
    expect(issues).toHaveLength(samples);
    expect(last.map(({ index }) => index).sort((a, b) => a - b)).toEqual(confirmed);
    expect(last.every(({ pWrong, score }) => pWrong === 0 && score === 0)).toBe(true);
    expect(issues[0]!.pWrong).toBeGreaterThan(0);
  });

  it("notes where the method has no targets, and is refused without labels", async () => {
    const notes = await sitting({ ...perceptron, objective: "ce", pinned, epochs: 1 }, folder("ce"));
    expect(notes).toContain(`${confirmed.length} confirmed labels: no effect on ce, whose samples have no targets`);
    const refused = sitting({ ...perceptron, objective: "byol", pinned }, folder("byol"));
    await expect(refused).rejects.toThrow(`\`pinned\` needs labels; received ${pinned} with \`objective: byol\``);
  });

  it("is refused when resumed with other confirmed samples", async () => {
    const [run, other] = [folder("changed"), join(folder("other", { "p.csv": listOf([0]) }), "p.csv")];
    await sitting({ ...perceptron, pinned: other }, run, false, 3);
    writeFileSync(other, listOf([0, 3]));
    await expect(sitting({}, run, true)).rejects.toThrow("the training labels' fingerprint: received");
  });
});

describe("the data of a run with confirmed labels", () => {
  const prepared = (keys: Partial<RecipeInput>) =>
    prepare(parseRecipe({ data: "(in memory)", device: "cpu", ...keys }), tinyShapes);

  it("has the confirmed classes in place of injected noise, which is recorded without them", async () => {
    const [plain, held] = [
      await prepared({ noise: "symmetric:0.4" }),
      await prepared({ noise: "symmetric:0.4", pinned }),
    ];
    expect(held.pinned).toEqual(Int32Array.from(confirmed));
    for (const i of plain.train.labels.keys()) {
      expect(held.train.labels[i]).toBe(i % 3 === 0 ? clean[i] : plain.train.labels[i]);
    }
    const flipped = Array.from(held.noise).filter((_, at) => at % 2 === 0);
    expect(flipped.some((i) => i % 3 === 0)).toBe(false);
    expect(flipped.length).toBeGreaterThan(0);
  });

  it("keeps the labels that there are where the file gives none", async () => {
    const indices = join(folder("indices", { "i.csv": `index\n${confirmed.join("\n")}\n` }), "i.csv");
    const [plain, held] = [
      await prepared({ noise: "symmetric:0.4" }),
      await prepared({ noise: "symmetric:0.4", pinned: indices }),
    ];
    expect(held.train.labels).toEqual(plain.train.labels);
    expect(held.pinned).toEqual(Int32Array.from(confirmed));
    expect(held.labelsFingerprint).not.toBe(plain.labelsFingerprint);
  });

  it("counts positions in the data as it was read, and drops samples that are not trained on", async () => {
    const held = await prepared({ limitTrain: 10, pinned });
    expect(held.pinned).toEqual(Int32Array.of(0, 3, 6, 9));
  });

  it("is read back without the network: labels with noise and confirmed classes", async () => {
    const run = folder("read-back");
    const shapes = "shapes:train=60,test=20,size=16,seed=3";
    await train({ ...perceptron, data: shapes, pinned, epochs: 1 }, { out: run });
    const { train: read } = await readRunLabels(run, {});
    const whole = await prepare(parseRecipe({ ...perceptron, data: shapes, pinned }));
    expect(read.labels).toEqual(whole.train.labels);
  });
});
