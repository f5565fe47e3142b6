// The arrays of one part: its ranked labels, beliefs, features and map.
import type { Findings, RunInspection } from "../../../issues/index.js";
import type { DataPart } from "../../../issues/part.js";
import { rowsOf } from "../../../issues/rows.js";
import { predictions } from "../../../metrics/index.js";
import { guessNames, type PartArrays } from "./evidence-files.js";

export function partArrays(
  part: DataPart,
  findings: Findings,
  { classes, targets }: Pick<RunInspection, "classes" | "targets">,
  beliefs: Float32Array,
): Omit<PartArrays, "map"> {
  const { indices, labels, probabilities } = part;
  const n = indices.length;
  const numberOf = new Map(classes.map((name, i) => [name, i]));
  const rowOf = new Map(Array.from(indices, (sample, row) => [sample, row]));
  const suggested = new Int32Array(n).fill(-1);
  const wrong = new Float64Array(n).fill(Number.NaN);
  const guess = new Uint8Array(n).fill(255);
  const disagrees = new Int32Array(n).fill(-1);
  for (const issue of findings.issues) {
    const row = rowOf.get(issue.index)!;
    suggested[row] = numberOf.get(issue.suggested)!;
    wrong[row] = issue.pWrong;
    guess[row] = guessNames.indexOf(issue.verdict);
    disagrees[row] = issue.disagreesFrom ?? -1;
  }
  const isTrained = part.name !== "test" && targets !== null;
  const target = Float32Array.from(indices, (sample, row) =>
    isTrained && labels[row]! >= 0 ? targets[sample * classes.length + labels[row]!]! : Number.NaN,
  );
  const features = unitRows(part);
  const predicted = probabilities === null ? new Int32Array(n).fill(-1) : predictions(probabilities, n, classes.length);
  return { samples: indices, given: labels, suggested, wrong, guess, disagrees, predicted, beliefs, features, target };
}

/** The features with rows at length 1. */
function unitRows({ features, indices }: DataPart): Float32Array {
  if (features === null) return new Float32Array();
  const { values, size } = features;
  const unit = new Float32Array(values.length);
  for (let row = 0; row < indices.length; row++) {
    const one = values.subarray(row * size, (row + 1) * size);
    const norm = Math.sqrt(one.reduce((sum, value) => sum + value * value, 0)) || 1;
    for (let j = 0; j < size; j++) unit[row * size + j] = one[j]! / norm;
  }
  return unit;
}

/** The beliefs about a part's samples: of the training data by all evidence of the run, of the test set by the final network. */
export function beliefsOf(
  { name, indices, probabilities }: DataPart,
  trained: Float32Array,
  classes: number,
): Float32Array {
  return name === "train" ? rowsOf(trained, indices, classes) : probabilities!;
}
