// What `calibrate` says to a reader.
import type { RunCalibration } from "../../../evaluation/index.js";
import { alignedRows, percent } from "../../shared/output.js";
import { pointLines } from "../evaluate/evaluate-text.js";

type Row = [string, string];

/** The promise or the coverage in plain words, then what was found and on what. */
export function calibrationLines(result: RunCalibration): string[] {
  const { calibration, operatingPoint } = result;
  const { checkpoint, passes, data, score, achieved } = calibration;
  return [
    sentence(calibration),
    "",
    ...alignedRows([
      ["found on", `${achieved.samples} samples: ${data}`],
      ["checkpoint", checkpoint],
      ["temperature", temperatureWords(result)],
      ...pointLines({ ...operatingPoint, score }),
      ...(achieved.riskBound === null ? [] : [["  error promised", `at most ${percent(achieved.riskBound)}`] as Row]),
      ...(passes === null ? [] : [["passes", String(passes)] as Row]),
    ]),
  ];
}

/** `error at most 1.0% with probability 99.9%, at 71.3% coverage (threshold 0.982)` */
function sentence({ target, achieved, threshold }: RunCalibration["calibration"]): string {
  const place = `(threshold ${Number(threshold.toPrecision(6))})`;
  if ("coverage" in target) {
    return `${percent(achieved.coverage, 1)} answered, ${percent(target.coverage, 1)} requested, with ${percent(achieved.risk)} of these wrong ${place}`;
  }
  return `error at most ${shortest(target.risk)} with probability ${shortest(target.confidence)}, at ${percent(achieved.coverage, 1)} coverage ${place}`;
}

/** One digit after the point, more where that would say something else: 1.0%, 99.99%. */
function shortest(share: number): string {
  const exact = Number((100 * share).toPrecision(12));
  const short = exact.toFixed(1);
  return `${Number(short) === exact ? short : exact}%`;
}

function temperatureWords({ calibration, crossEntropy }: RunCalibration): string {
  if (crossEntropy === null) return "1, not fitted";
  const { before, after } = crossEntropy;
  return `${calibration.temperature.toFixed(3)}, fitted on the same samples: cross entropy ${before.toFixed(4)} to ${after.toFixed(4)}`;
}
