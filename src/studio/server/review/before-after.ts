// What a second training came to: the figures of two runs side by side.
import type { z } from "zod";
import type { ReviewState } from "../../../review/index.js";
import { isFinished, type RunSummary, readSummary } from "../../../runs/index.js";
import type { beforeAfter } from "../../api.js";
import type { Evidence } from "../evidence/loaded.js";
import { partsOf, sampleKey } from "./sample-key.js";

type Row = z.output<typeof beforeAfter>["rows"][number];

/** A run, with its evidence where it has been collected. */
export interface ComparedRun {
  readonly path: string;
  readonly evidence: Evidence | null;
}

const figures: readonly (readonly [string, keyof RunSummary, Row["unit"]])[] = [
  ["test accuracy", "testAccuracy", "fraction"],
  ["test accuracy at the best epoch", "testAccuracyAtBest", "fraction"],
  ["test loss", "testLoss", "number"],
  ["training samples", "trainSize", "number"],
  ["wrong training labels, known", "labelNoise", "fraction"],
];

/** Figures that neither run has are left out. `state` is the review of the first run. */
export function compareTrainings(
  before: ComparedRun,
  after: ComparedRun,
  state: ReviewState,
): z.output<typeof beforeAfter> {
  const [first, second] = [before, after].map(({ path }) => (isFinished(path) ? readSummary(path) : null));
  const decided = decidedClasses(before.evidence, state);
  const rows: Row[] = [
    ...figures.map(([figure, key, unit]) => row(figure, unit, numberOf(first?.[key]), numberOf(second?.[key]))),
    row("wrong training labels, estimated", "fraction", estimateOf(before.evidence), estimateOf(after.evidence)),
    row(
      "verdicts that the network agrees with",
      "fraction",
      agreementOf(before.evidence, decided),
      agreementOf(after.evidence, decided),
    ),
  ];
  return { rows: rows.filter((one) => one.before !== null || one.after !== null) };
}

const estimateOf = (evidence: ComparedRun["evidence"]) =>
  evidence?.noiseRate.unknown === null ? evidence.noiseRate.estimate : null;

const row = (
  figure: string,
  unit: Row["unit"],
  before: number | null | undefined,
  after: number | null | undefined,
): Row => ({
  figure,
  unit,
  before: before ?? null,
  after: after ?? null,
});

const numberOf = (value: unknown) => (typeof value === "number" ? value : null);

/** A sample's class by its reviewers' last verdict, by `sampleKey`. */
type DecidedClasses = ReadonlyMap<string, string>;

function decidedClasses(evidence: Evidence | null, state: ReviewState): DecidedClasses {
  if (evidence === null) return new Map();
  const classes = new Map<string, string>();
  for (const part of partsOf(evidence)) {
    for (const reviewer of state.reviewers) {
      for (const [sample, { verdict, label }] of state.decisions(part.part, reviewer)) {
        const at = part.find(sample);
        if (at === null || (verdict !== "right" && verdict !== "relabel")) continue;
        const name = label ?? evidence.classes[part.given[at]!];
        if (name !== undefined) classes.set(sampleKey(evidence, part, at), name);
      }
    }
  }
  return classes;
}

/** The fraction of decided samples for which the final network predicts the decided class; null without any. */
function agreementOf(evidence: Evidence | null, decided: DecidedClasses): number | null {
  if (evidence === null) return null;
  const { classes } = evidence;
  let [agreed, seen] = [0, 0];
  for (const part of partsOf(evidence)) {
    part.samples.forEach((_, at) => {
      const name = decided.get(sampleKey(evidence, part, at));
      if (name === undefined) return;
      seen++;
      agreed += Number(classes[part.predicted[at]!] === name);
    });
  }
  return seen === 0 ? null : agreed / seen;
}
