// What happened in a run, in plain words.

import { percent } from "../../format.js";
import type { Findings } from "../../issues/findings.js";
import { rateText } from "../../issues/rate-text.js";
import { count, points } from "../html/format.js";
import type { NamedRun, ReportInput, RunRecord } from "../types.js";
import { bestTestEpoch, finalFigure, labelNoise, movedTargets } from "./headline-figures.js";
import { confusedPairs } from "./labels/confusion.js";

// A fall in test accuracy that is more than the usual wobble of an epoch.
const NOTABLE_FALL = 0.02;

/** A run in one to five sentences: what looks wrong, what is, what the network made of it, how it does on the test set. */
export function describeRun(run: RunRecord & Pick<ReportInput, "findings">): string {
  const found = run.findings ? findingSentence(run.findings) : null;
  const noise = noiseSentence(run);
  const truth = found !== null && noise !== null ? `In truth, ${noise}` : noise;
  return [found, truth, beliefSentence(run), testSentence(run)].filter((sentence) => sentence !== null).join(" ");
}

/** What the labels look like: "About 36% (33 to 39%) of the labels look wrong; the pair most confused is cat, labeled dog." */
function findingSentence({ noiseRate, judged, noiseMatrix, classes }: Findings): string {
  const few = noiseRate.estimate * judged < 0.5;
  const [pair] = few ? [] : confusedPairs(noiseMatrix, classes);
  const clause = pair ? `; the pair most confused is ${pair.truth}, labeled ${pair.given}` : "";
  const rate = rateText(noiseRate);
  return `${rate.charAt(0).toUpperCase()}${rate.slice(1)} of the labels look wrong${clause}.`;
}

/** Several runs: the labels that they share, then a sentence for each run, the later ones measured against the first. */
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

function beliefSentence(run: RunRecord): string | null {
  const memorized = finalFigure(run, "wrongLabelsMemorized");
  const recovered = movedTargets(run);
  const believed = memorized === null ? null : `the network ended up believing ${percent(memorized)} of the wrong ones`;
  const targets =
    recovered === null ? null : `its targets point at the true label of ${percent(recovered)} of all samples`;
  const both = [believed, targets].filter((clause) => clause !== null).join("; ");
  return both === "" ? null : `${both.charAt(0).toUpperCase()}${both.slice(1)}.`;
}

function testSentence(run: RunRecord): string | null {
  const accuracy = finalFigure(run, "testAccuracy");
  if (accuracy === null) return null;
  const best = bestTestEpoch(run.metrics);
  return best !== null && best.testAccuracy - accuracy > NOTABLE_FALL
    ? `Its test accuracy peaked at ${percent(best.testAccuracy)} in epoch ${best.epoch} and fell to ${percent(accuracy)} by the end.`
    : `On the test set it is right ${percent(accuracy)} of the time.`;
}

function oneOfSeveral(run: NamedRun, first: NamedRun | null): string | null {
  const accuracy = finalFigure(run, "testAccuracy");
  const memorized = finalFigure(run, "wrongLabelsMemorized");
  const recovered = movedTargets(run);
  const base = first && finalFigure(first, "testAccuracy");
  const against = accuracy !== null && base !== null ? ` (${points(accuracy - base)})` : "";
  const clauses = [
    accuracy === null ? null : `reached ${percent(accuracy)} on the test set${against}`,
    memorized === null ? null : `believed ${percent(memorized)} of the wrong labels`,
    recovered === null ? null : `recovered ${percent(recovered)} of the true ones in its targets`,
  ].filter((clause) => clause !== null);
  return clauses.length === 0 ? null : `\u201c${run.name}\u201d ${listed(clauses)}.`;
}

function listed(clauses: readonly string[]): string {
  const last = clauses.at(-1) ?? "";
  return clauses.length < 2 ? last : `${clauses.slice(0, -1).join(", ")} and ${last}`;
}
