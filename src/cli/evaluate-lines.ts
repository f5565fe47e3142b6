// What `evaluate` says to a reader.
import type { RunEvaluation } from "../training/index.js";
import { columns, percent, table } from "./output.js";

type Figures = NonNullable<RunEvaluation["scores"]>[keyof NonNullable<RunEvaluation["scores"]>];

const partNames = { test: " of the test part", validation: " of the validation part", all: "" } as const;

/** The figures, error at coverage, the scores side by side where all were asked for, and the calibrated threshold. */
export function evaluationLines(result: RunEvaluation): string[] {
  return [
    ...columns(headline(result)),
    "",
    ...(result.scores === null ? coverageLines(result) : scoreLines(result.scores)),
    ...thresholdLines(result.operatingPoint),
  ];
}

function headline(result: RunEvaluation): [string, string][] {
  const { samples, part, temperature, score, intervals } = result;
  const scaled = temperature === 1 ? "" : `, by temperature ${temperature.toFixed(3)}`;
  return [
    ["samples", `${samples}${partNames[part]}`],
    ["accuracy", percent(result.testAccuracy) + range(intervals.testAccuracy)],
    ["cross entropy", result.testLoss.toFixed(4) + scaled],
    ["Brier score", result.brier.toFixed(4)],
    ["calibration error (15 bins)", percent(result.ece) + range(intervals.ece)],
    ["  bins of equal mass", percent(result.eceEqualMass)],
    ["confidence", `by ${score}`],
    ["area under risk-coverage", result.aurc.toFixed(5)],
    ["  in excess of the best order", result.eAurc.toFixed(5)],
    ["area under generalised risk", result.augrc.toFixed(5)],
    ["right above wrong (AUROC)", result.failureAuroc?.toFixed(4) ?? "unknown"],
  ];
}
