// The results of `evaluate` as text.

import type { RunEvaluation } from "../../../evaluation/index.js";
import { percent } from "../../../format.js";
import { alignedRows, table } from "../../shared/output.js";

type Bounds = readonly [number, number] | null;

const partNames = { test: " of the test part", validation: " of the validation part", all: "" } as const;

/** The metrics, then error at coverage or a table of all scores, then coverage and error at the calibrated threshold. */
export function evaluationLines(result: RunEvaluation): string[] {
  const point = result.operatingPoint;
  return [
    ...alignedRows(headline(result)),
    "",
    ...(result.scores === null ? coverageLines(result) : scoreLines(result.scores)),
    ...suggestionLines(result),
    ...(point === null ? [] : ["", ...alignedRows(pointLines(point))]),
  ];
}

/** ` (91.20% to 93.05%)` */
const percentInterval = (bounds: Bounds) =>
  bounds === null ? "" : ` (${percent(bounds[0], 2)} to ${percent(bounds[1], 2)})`;
const interval = (bounds: Bounds, digits: number) =>
  bounds === null ? "" : ` (${bounds[0].toFixed(digits)} to ${bounds[1].toFixed(digits)})`;

function headline(result: RunEvaluation): [string, string][] {
  const { samples, part, temperature, score, intervals, failureAuroc } = result;
  const scaled = temperature === 1 ? "" : `, at temperature ${temperature.toFixed(3)}`;
  return [
    ["samples", `${samples}${partNames[part]}`],
    ["accuracy", percent(result.testAccuracy, 2) + percentInterval(intervals.testAccuracy)],
    ["cross entropy", result.testLoss.toFixed(4) + interval(intervals.testLoss, 4) + scaled],
    ["Brier score", result.brier.toFixed(4) + interval(intervals.brier, 4)],
    ["calibration error (15 bins)", percent(result.ece, 2) + percentInterval(intervals.ece)],
    ["  with equal-mass bins", percent(result.eceEqualMass, 2) + percentInterval(intervals.eceEqualMass)],
    ["confidence score", score],
    ["area under risk-coverage", result.aurc.toFixed(5) + interval(intervals.aurc, 5)],
    ["  above the best ranking", result.eAurc.toFixed(5) + interval(intervals.eAurc, 5)],
    ["area under generalized risk", result.augrc.toFixed(5) + interval(intervals.augrc, 5)],
    ["failure AUROC", (failureAuroc?.toFixed(4) ?? "unknown") + interval(intervals.failureAuroc, 4)],
  ];
}

/** The keys as numbers, the largest first. */
const descendingKeys = (keyed: object) => Object.keys(keyed).sort((a, b) => Number(b) - Number(a));

function coverageLines({ errorAtCoverage, coverageAtRisk, intervals }: RunEvaluation): string[] {
  const errors = descendingKeys(errorAtCoverage).map((coverage): [string, string] => [
    `  ${coverage.padStart(3)}%`,
    percent(errorAtCoverage[coverage], 2) + percentInterval(intervals.errorAtCoverage[coverage] ?? null),
  ]);
  const risks = Object.entries(coverageAtRisk).map(([risk, coverage]): [string, string] => [
    `  ${risk.padStart(3)}%`,
    coverage === null ? "not reached" : percent(coverage, 2),
  ]);
  return ["error at coverage", ...alignedRows(errors), "", "coverage at error", ...alignedRows(risks)];
}

function scoreLines(scores: NonNullable<RunEvaluation["scores"]>): string[] {
  const coverages = descendingKeys(Object.values(scores)[0]?.errorAtCoverage ?? {});
  const rows = Object.entries(scores).map(([name, { errorAtCoverage, aurc, augrc, failureAuroc }]) => [
    name,
    ...coverages.map((coverage) => percent(errorAtCoverage[coverage], 2)),
    aurc.toFixed(5),
    augrc.toFixed(5),
    failureAuroc?.toFixed(4) ?? "-",
  ]);
  const header = ["score", ...coverages.map((coverage) => `${coverage}%`), "AURC", "AUGRC", "AUROC"];
  return ["error at coverage, by score", ...table(header, rows)];
}

/** The score to calibrate, where all were compared. */
function suggestionLines({ suggestedScore, score: native }: RunEvaluation): string[] {
  if (suggestedScore === null) return [];
  const { score, difference } = suggestedScore;
  if (difference === null) return ["", `score to use: ${native}; no other has an AURC that is reliably lower`];
  const [low, high] = difference.interval.map((end) => (-end).toFixed(5)).reverse();
  const gain = (-difference.value).toFixed(5);
  return ["", `score to use: ${score}, whose AURC is ${gain} (${low} to ${high}) below that of ${native}`];
}

/** Coverage and error at a threshold. */
export function pointLines(point: NonNullable<RunEvaluation["operatingPoint"]>): [string, string][] {
  const { score, threshold, accepted, wrong, samples, coverage, risk, intervals } = point;
  const error = risk === null ? "unknown" : percent(risk, 2) + percentInterval(intervals.risk);
  return [
    ["threshold", `${threshold}, by ${score}`],
    ["  coverage", `${percent(coverage, 2) + percentInterval(intervals.coverage)}, ${accepted} of ${samples}`],
    ["  error of accepted samples", `${error}, ${wrong} wrong`],
  ];
}
