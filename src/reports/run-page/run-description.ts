// A text summary of a run.

import { percent } from "../../format.js";
import type { Findings } from "../../issues/findings.js";
import { unknownReason } from "../../issues/labels/rate/noise-rate.js";
import { rateText } from "../../issues/labels/rate/rate-text.js";
import { count, points } from "../html/format.js";
import type { NamedRun, ReportInput, RunRecord } from "../types.js";
import { bestTestEpoch, finalFigure, labelNoise, movedTargets } from "./headline-figures.js";
import { confusedPairs } from "./labels/confusion.js";

// A smaller drop in test accuracy is normal variation between epochs.
const NOTABLE_DROP = 0.02;

/** A run in one to five sentences: estimated and true label noise, memorization, and test accuracy. */
export function describeRun(run: RunRecord & Pick<ReportInput, "findings">): string {
  const found = run.findings ? findingSentence(run.findings) : null;
  const noise = noiseSentence(run);
  const truth = found !== null && noise !== null ? `Actually, ${noise}` : noise;
  return [found, truth, memorizationSentence(run), testSentence(run)].filter((sentence) => sentence !== null).join(" ");
}

/** The estimated noise: "About 36% (33 to 39%) of the labels look wrong; the most confused pair is cat, labeled dog." */
function findingSentence({ noiseRate, evaluated, noiseMatrix, classes }: Findings): string {
  const few = noiseRate.estimate * evaluated < 0.5;
  const [pair] = few ? [] : confusedPairs(noiseMatrix, classes);
  const clause = pair ? `; the most confused pair is ${pair.truth}, labeled ${pair.given}` : "";
  const rate = rateText(noiseRate);
  const reason = unknownReason(noiseRate);
  const text = reason === null ? `of the labels look wrong${clause}` : `of the labels is wrong: ${reason}`;
  return `${rate.charAt(0).toUpperCase()}${rate.slice(1)} ${text}.`;
}

/** Several runs: their common label noise, then a sentence for each run, the later ones compared with the first. */
export function describeComparison(runs: readonly NamedRun[]): string {
  const [first] = runs;
  const shared = first && runs.every((run) => run.summary.labelNoise === first.summary.labelNoise);
  const sentences = runs.map((run) => oneOfSeveral(run, run === first ? null : (first ?? null)));
  return [shared ? noiseSentence(first) : null, ...sentences].filter((sentence) => sentence !== null).join(" ");
}

function noiseSentence(run: RunRecord): string | null {
  const noise = labelNoise(run);
  return noise === null ? null : `${percent(noise)} of the ${count(run.summary.trainSize)} training labels are wrong.`;
}

function memorizationSentence(run: RunRecord): string | null {
  const memorized = finalFigure(run, "wrongLabelsMemorized");
  const recovered = movedTargets(run);
  const memorization = memorized === null ? null : `the network memorized ${percent(memorized)} of the wrong labels`;
  const targets =
    recovered === null ? null : `its targets recovered the true label of ${percent(recovered)} of all samples`;
  const both = [memorization, targets].filter((clause) => clause !== null).join("; ");
  return both === "" ? null : `${both.charAt(0).toUpperCase()}${both.slice(1)}.`;
}

function testSentence(run: RunRecord): string | null {
  const accuracy = finalFigure(run, "testAccuracy");
  if (accuracy === null) return null;
  const best = bestTestEpoch(run.metrics);
  return best !== null && best.testAccuracy - accuracy > NOTABLE_DROP
    ? `Its test accuracy peaked at ${percent(best.testAccuracy)} in epoch ${best.epoch} and fell to ${percent(accuracy)} by the end.`
    : `Its test accuracy is ${percent(accuracy)}.`;
}

function oneOfSeveral(run: NamedRun, first: NamedRun | null): string | null {
  const accuracy = finalFigure(run, "testAccuracy");
  const memorized = finalFigure(run, "wrongLabelsMemorized");
  const recovered = movedTargets(run);
  const base = first && finalFigure(first, "testAccuracy");
  const against = accuracy !== null && base !== null ? ` (${points(accuracy - base)})` : "";
  const clauses = [
    accuracy === null ? null : `reached ${percent(accuracy)} on the test set${against}`,
    memorized === null ? null : `memorized ${percent(memorized)} of the wrong labels`,
    recovered === null ? null : `recovered ${percent(recovered)} of the true labels in its targets`,
  ].filter((clause) => clause !== null);
  return clauses.length === 0 ? null : `\u201c${run.name}\u201d ${listed(clauses)}.`;
}

function listed(clauses: readonly string[]): string {
  const last = clauses.at(-1) ?? "";
  return clauses.length < 2 ? last : `${clauses.slice(0, -1).join(", ")} and ${last}`;
}
