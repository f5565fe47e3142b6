// @ts-check
// `node bench/cross-validation.mjs recipe.yaml --data DIR --out probs.npy`: out-of-sample probabilities of every training sample,
// from networks that were not trained on it: the usual way to find label errors, at several times the cost of one training run.
// `selfadapt issues --pred-probs probs.npy --data DIR` ranks by them.

import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { randomFrom, samplesAt, writeNpy } from "../dist/data/index.js";
import { inspectRun } from "../dist/evaluation/index.js";
import { softmaxRows } from "../dist/metrics/index.js";
import { parseRecipe } from "../dist/runs/index.js";
import { prepare } from "../dist/runs/prepare.js";
import { readRecipeFile } from "../dist/runs/recipe/recipe-file.js";
import { setThreads } from "../dist/torch/index.js";
import { train } from "../dist/training/index.js";

const program = new Command("node bench/cross-validation.mjs")
  .argument("<recipe>", "recipe of each of the networks (.yaml)")
  .requiredOption("--data <path>", "folder or file with the training data")
  .requiredOption("--out <file>", "the probabilities, (samples, classes), as .npy")
  .requiredOption("--runs <folder>", "where the runs go, one a fold")
  .option("--labels-out <file>", "the labels, given and before noise, (samples, 2) int32, as .npy: for cleanlab.py")
  .option("--noise <spec>", "noise, in the place of the recipe's")
  .option("--folds <n>", "parts, each left out once", "3")
  .option("--seed <n>", "of the folds and of the runs", "0")
  .option("--threads <n>", "threads of the CPU", "1")
  .parse();
const options = program.opts();
setThreads(Number(options.threads));
const folds = Number(options.folds);
const seed = Number(options.seed);

const recipe = parseRecipe({
  ...readRecipeFile(program.args[0] ?? ""),
  data: options.data,
  objective: "ce",
  seed,
  ...(options.noise !== undefined && { noise: options.noise }),
});
const { train: samples, classes, format, cleanLabels } = await prepare(recipe);
const order = randomFrom(seed, "cross-validation").permutation(samples.labels.length);

const probabilities = new Float32Array(samples.labels.length * classes.length);
for (let fold = 0; fold < folds; fold++) {
  const held = order.filter((_, i) => i % folds === fold);
  const dataSet = {
    format,
    classes,
    train: samplesAt(
      samples,
      order.filter((_, i) => i % folds !== fold),
    ),
    test: samplesAt(samples, held),
    notes: [],
  };
  const out = `${options.runs}/fold-${fold}`;
  const { limitTrain, data, ...own } = recipe;
  const { prepared } = await train({ ...own, noise: "none", evalEvery: recipe.epochs }, { out, dataSet });
  const { test } = await inspectRun(out, { prepared });
  const found = softmaxRows(/** @type {Float32Array} */ (test?.logits), classes.length);
  held.forEach((sample, i) => {
    probabilities.set(found.subarray(i * classes.length, (i + 1) * classes.length), sample * classes.length);
  });
  console.error(`fold ${fold} of ${folds}: done`);
}
writeFileSync(options.out, writeNpy(probabilities, [samples.labels.length, classes.length]));
if (options.labelsOut !== undefined) {
  const clean = cleanLabels ?? samples.labels;
  const pairs = Int32Array.from([...samples.labels].flatMap((given, i) => [given, clean[i] ?? given]));
  writeFileSync(options.labelsOut, writeNpy(pairs, [samples.labels.length, 2]));
}
