// The target of a calibration (a coverage, or a guaranteed error rate) and the threshold that reaches it.
import { InputError } from "../errors.js";
import { exactPercent, percent } from "../format.js";
import { guaranteedRisk, thresholdAtCoverage } from "../metrics/index.js";
import { option, parseOptions } from "../options/index.js";
import type { Calibration } from "../runs/files/calibration.js";
import { type CalibrationTargetOptions, defaultConfidence, targetOptions } from "./calibrate-options.js";

export type CalibrationTarget = Calibration["target"];

/** These samples are too few, or their predictions too poor, to guarantee the requested risk at the requested confidence. */
export class NoGuaranteeError extends Error {
  override readonly name = "NoGuaranteeError";
}

/** A threshold and, for a target risk, the guaranteed upper bound on the risk of new samples. */
export interface CalibratedThreshold {
  readonly threshold: number;
  readonly riskBound: number | null;
}

/** @throws InputError unless exactly one of coverage and risk is given, within its range. */
export function parseTarget(options: CalibrationTargetOptions): CalibrationTarget {
  const { coverage, risk, confidence } = parseOptions(targetOptions, options);
  if ((coverage === undefined) === (risk === undefined)) {
    const received = coverage === undefined ? "neither" : "both";
    throw new InputError(`${option("coverage")} and ${option("risk")}: received ${received}; expected one of them`);
  }
  if (coverage !== undefined) {
    if (confidence !== undefined) {
      throw new InputError(
        `${option("confidence")}: received ${confidence} with ${option("coverage")}, which has no error guarantee; use it with ${option("risk")}`,
      );
    }
    return { coverage };
  }
  return { risk: risk as number, confidence: confidence ?? defaultConfidence };
}

/** The coverage in percent that selects floor(fraction * samples) samples, safe against rounding errors. */
function coveragePercent(fraction: number, samples: number): number {
  const count = Math.floor(rounded(fraction * samples));
  return Math.min(100, (100 * (count + 0.5)) / samples);
}

/** Rounds away floating point errors: 0.29 * 100 is 29. */
const rounded = (value: number) => Number(value.toPrecision(12));

/**
 * The threshold that reaches the target: `thresholdAtCoverage` for a coverage, `guaranteedRisk` for a risk.
 *
 * confidence (n), correct (n).
 * @throws NoGuaranteeError when no threshold can guarantee the risk; the message has the smallest risk that can be guaranteed.
 */
export function findThreshold(
  target: CalibrationTarget,
  confidence: Float64Array,
  correct: Uint8Array,
): CalibratedThreshold {
  if ("coverage" in target) {
    return {
      threshold: thresholdAtCoverage(confidence, coveragePercent(target.coverage, confidence.length)),
      riskBound: null,
    };
  }
  const { risk } = target;
  const delta = rounded(1 - target.confidence);
  const guarantee = guaranteedRisk(confidence, correct, { risk, delta });
  if (guarantee !== null) return { threshold: guarantee.threshold, riskBound: guarantee.bound };
  throw new NoGuaranteeError(noGuaranteeMessage(target, smallestGuarantee(confidence, correct, risk, delta), correct));
}

interface Guarantee {
  readonly risk: number;
  readonly coverage: number;
}

/** The smallest risk above `risk` that can be guaranteed, to 1e-6, by bisection; null when none can. */
function smallestGuarantee(
  confidence: Float64Array,
  correct: Uint8Array,
  risk: number,
  delta: number,
): Guarantee | null {
  const guaranteeAt = (tried: number) => guaranteedRisk(confidence, correct, { risk: tried, delta });
  let [low, high] = [risk, 1 - 2 ** -30];
  let guarantee = guaranteeAt(high);
  while (guarantee !== null && high - low > 1e-6) {
    const middle = (low + high) / 2;
    const better = guaranteeAt(middle);
    if (better === null) low = middle;
    else [guarantee, high] = [better, middle];
  }
  return guarantee === null ? null : { risk: high, coverage: guarantee.coverage };
}

function noGuaranteeMessage(
  { risk, confidence }: Extract<CalibrationTarget, { risk: number }>,
  least: Guarantee | null,
  correct: Uint8Array,
): string {
  const target = `no threshold can guarantee an error of at most ${exactPercent(risk)} with probability ${exactPercent(confidence)}`;
  const best =
    least === null
      ? `nothing can be guaranteed, since ${correct.includes(1) ? "the samples are too few" : "no prediction is correct"}`
      : `the smallest error that can be guaranteed is ${percent(Math.ceil(1000 * least.risk) / 1000)}, at ${percent(least.coverage)} coverage`;
  return `${target} by these ${correct.length} samples: ${best}; more held-out data, a larger ${option("risk")} or a lower ${option("confidence")} would help; nothing was written`;
}
