// What `evaluate` says to a reader.
import type { RunEvaluation } from "../../../evaluation/index.js";
import { alignedRows, percent, table } from "../../shared/output.js";

type Bounds = readonly [number, number] | null;

const partNames = { test: " of the test part", validation: " of the validation part", all: "" } as const;

/** The figures, error at coverage or the scores side by side, and what the calibrated threshold comes to. */
export function evaluationLines(result: RunEvaluation): string[] {
  const point = result.operatingPoint;
  return [
    ...alignedRows(headline(result)),
    "",
    ...(result.scores === null ? coverageLines(result) : scoreLines(result.scores)),
    ...(point === null ? [] : ["", ...alignedRows(pointLines(point))]),
  ];
}

/** ` (91.20% to 93.05%)` */
const shares = (bounds: Bounds) => (bounds === null ? "" : ` (${percent(bounds[0])} to ${percent(bounds[1])})`);
const numbers = (bounds: Bounds, digits: number) =>
  bounds === null ? "" : ` (${bounds[0].toFixed(digits)} to ${bounds[1].toFixed(digits)})`;

function headline(result: RunEvaluation): [string, string][] {
  const { samples, part, temperature, score, intervals, failureAuroc } = result;
  const scaled = temperature === 1 ? "" : `, at temperature ${temperature.toFixed(3)}`;
  return [
    ["samples", `${samples}${partNames[part]}`],
    ["accuracy", percent(result.testAccuracy) + shares(intervals.testAccuracy)],
    ["cross entropy", result.testLoss.toFixed(4) + numbers(intervals.testLoss, 4) + scaled],
    ["Brier score", result.brier.toFixed(4) + numbers(intervals.brier, 4)],
    ["calibration error (15 bins)", percent(result.ece) + shares(intervals.ece)],
    ["  by bins of equal mass", percent(result.eceEqualMass) + shares(intervals.eceEqualMass)],
    ["ranked by", score],
    ["area under risk-coverage", result.aurc.toFixed(5) + numbers(intervals.aurc, 5)],
    ["  more than the best order", result.eAurc.toFixed(5) + numbers(intervals.eAurc, 5)],
    ["area under generalised risk", result.augrc.toFixed(5) + numbers(intervals.augrc, 5)],
    ["failure AUROC", (failureAuroc?.toFixed(4) ?? "unknown") + numbers(intervals.failureAuroc, 4)],
  ];
}

/** Coverages as they are keyed, the largest first. */
const falling = (keyed: object) => Object.keys(keyed).sort((a, b) => Number(b) - Number(a));

function coverageLines({ errorAtCoverage, coverageAtRisk, intervals }: RunEvaluation): string[] {
  const errors = falling(errorAtCoverage).map((coverage): [string, string] => [
    `  ${coverage.padStart(3)}%`,
    percent(errorAtCoverage[coverage]) + shares(intervals.errorAtCoverage[coverage] ?? null),
  ]);
  const risks = Object.entries(coverageAtRisk).map(([risk, coverage]): [string, string] => [
    `  ${risk.padStart(3)}%`,
    coverage === null ? "not reached" : percent(coverage),
  ]);
  return [
    "error among the most confident",
    ...alignedRows(errors),
    "",
    "coverage at an error of",
    ...alignedRows(risks),
  ];
}

function scoreLines(scores: NonNullable<RunEvaluation["scores"]>): string[] {
  const coverages = falling(Object.values(scores)[0]?.errorAtCoverage ?? {});
  const rows = Object.entries(scores).map(([name, { errorAtCoverage, aurc, augrc, failureAuroc }]) => [
    name,
    ...coverages.map((coverage) => percent(errorAtCoverage[coverage])),
    aurc.toFixed(5),
    augrc.toFixed(5),
    failureAuroc?.toFixed(4) ?? "-",
  ]);
  const header = ["score", ...coverages.map((coverage) => `${coverage}%`), "AURC", "AUGRC", "AUROC"];
  return ["error among the most confident, by each score", ...table(header, rows)];
}

/** What a threshold comes to on data. */
export function pointLines(point: NonNullable<RunEvaluation["operatingPoint"]>): [string, string][] {
  const { score, threshold, accepted, wrong, samples, coverage, risk, intervals } = point;
  const error = risk === null ? "unknown" : percent(risk) + shares(intervals.risk);
  return [
    ["answered from", `${threshold} on, by ${score}`],
    ["  coverage", `${percent(coverage) + shares(intervals.coverage)}, ${accepted} of ${samples}`],
    ["  error among these", `${error}, ${wrong} wrong`],
  ];
}
