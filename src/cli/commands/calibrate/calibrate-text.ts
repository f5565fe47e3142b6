// The results of `calibrate` as text.

import type { RunCalibration } from "../../../evaluation/index.js";
import { exactPercent, percent, percentAtMost } from "../../../format.js";
import { alignedRows } from "../../shared/output.js";
import { pointLines } from "../evaluate/evaluate-text.js";

type Row = [string, string];

/** The guarantee or the coverage in a sentence, then the details. */
export function calibrationLines(result: RunCalibration): string[] {
  const { calibration, operatingPoint } = result;
  const { checkpoint, passes, data, score, achieved } = calibration;
  return [
    sentence(calibration),
    "",
    ...alignedRows([
      ["calibrated on", `${achieved.samples} samples: ${data}`],
      ["checkpoint", checkpoint],
      ["temperature", temperatureText(result)],
      ...pointLines({ ...operatingPoint, score }),
      ...(achieved.riskBound === null
        ? []
        : [["  guaranteed error", `at most ${percentAtMost(achieved.riskBound)}`] as Row]),
      ...(passes === null ? [] : [["passes", String(passes)] as Row]),
    ]),
  ];
}

/** `error at most 1.0% with probability 99.9%, at 71.3% coverage (threshold 0.982)` */
function sentence({ target, achieved, threshold }: RunCalibration["calibration"]): string {
  const at = `(threshold ${Number(threshold.toPrecision(6))})`;
  if ("coverage" in target) {
    return `${percent(achieved.coverage)} accepted (target ${percent(target.coverage)}), ${percent(achieved.risk, 2)} of these wrong ${at}`;
  }
  return `error at most ${exactPercent(target.risk)} with probability ${exactPercent(target.confidence)}, at ${percent(achieved.coverage)} coverage ${at}`;
}

function temperatureText({ calibration, crossEntropy }: RunCalibration): string {
  if (crossEntropy === null) return "1, not fitted";
  const { before, after } = crossEntropy;
  return `${calibration.temperature.toFixed(3)}, fitted on the same samples: cross entropy ${before.toFixed(4)} to ${after.toFixed(4)}`;
}
