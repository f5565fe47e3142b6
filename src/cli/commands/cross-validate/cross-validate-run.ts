// Runs `cross-validate`: one training a fold, with its progress, then the file.
import { writeFileAtomic } from "../../../atomic-files.js";
import { writeNpy } from "../../../data/index.js";
import { percent } from "../../../format.js";
import { flagOf, layoutOptions } from "../../../options/index.js";
import { setThreads } from "../../../torch/index.js";
import { type CrossValidation, crossValidate } from "../../../training/index.js";
import { alignedRows, log, printResult } from "../../shared/output.js";
import { progressBar } from "../../shared/progress-bar.js";
import { quoted } from "../../shared/quoted.js";
import type { SharedOptions } from "../../shared/shared-options.js";
import { stopOnSignals } from "../../shared/signals.js";
import type { CrossValidateFlags } from "./cross-validate-options.js";

/** Trains the folds and writes the probabilities; a signal stops after the current step, saved. */
export async function runCrossValidation(
  recipe: Record<string, unknown>,
  { folds, out, threads, json, ...flags }: CrossValidateFlags & SharedOptions,
): Promise<void> {
  setThreads(threads);
  const runs = flags.runs ?? out.replace(/\.npy$/, "-folds");
  const bar = progressBar("training");
  const signals = stopOnSignals(() =>
    bar({ type: "note", text: "stopping after this step; a second signal ends at once" }),
  );
  const onFold = (fold: number, all: number) => log(`fold ${fold + 1} of ${all}`);
  try {
    const found = await crossValidate(recipe, {
      folds,
      runs,
      listeners: [bar],
      signal: signals.signal,
      onFold,
      onNote: log,
    });
    if (found === null) {
      log(`stopped and saved in ${runs}; the same command resumes`);
      process.exitCode = signals.status();
      return;
    }
    const { classes, labels, probabilities, accuracy } = found;
    writeFileAtomic(out, writeNpy(probabilities, [labels.length, classes.length]));
    if (flags.labelsOut !== undefined) writeFileAtomic(flags.labelsOut, labelPairs(found));
    printResult(
      json,
      { out, runs, folds, samples: labels.length, classes, accuracy },
      closingLines(out, runs, found.accuracy),
    );
    const ranking = rankingCommand(recipe, out);
    if (ranking !== null) log(`to rank the labels: ${ranking}`);
  } finally {
    bar.close();
    signals.release();
  }
}

/** How the data is read, as in the recipe: `issues` has the same options. */
const dataKeys = ["data", "format", "labels", ...Object.keys(layoutOptions)];

/** The command that ranks the labels; null where the labels trained on are not those of the data, or only some of them. */
export function rankingCommand(recipe: Record<string, unknown>, out: string): string | null {
  const { noise = "none", limitTrain = null, testFraction = null } = recipe;
  if (noise !== "none" || limitTrain !== null || testFraction !== null) return null;
  const data = dataKeys.flatMap((key) => (recipe[key] == null ? [] : [flagOf(key), quoted(String(recipe[key]))]));
  return ["selfadapt issues", flagOf("predProbs"), quoted(out), ...data].join(" ");
}

/** (n, 2): the given label and the one before noise. */
function labelPairs({ labels, cleanLabels }: CrossValidation): Uint8Array {
  const clean = cleanLabels ?? labels;
  const pairs = Int32Array.from({ length: 2 * labels.length }, (_, at) => (at % 2 === 0 ? labels : clean)[at >> 1]!);
  return writeNpy(pairs, [labels.length, 2]);
}

const closingLines = (out: string, runs: string, accuracy: number) =>
  alignedRows([
    ["out-of-sample accuracy", percent(accuracy, 2)],
    ["probabilities", out],
    ["runs", runs],
  ]);
