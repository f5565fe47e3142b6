// What a calibration is to reach: a share of the samples answered, or an error among them that is promised.
import { InputError } from "../errors.js";
import { guaranteedRisk, thresholdAtCoverage } from "../metrics/index.js";
import { option } from "../options/index.js";
import type { Calibration } from "../runs/calibration.js";

export type Wanted = Calibration["wanted"];

export interface WantedOptions {
  /** The share of the samples to answer, above 0 and at most 1. */
  readonly coverage?: number | undefined;
  /** The error among the answered that is not to be exceeded on new samples, between 0 and 1. */
  readonly risk?: number | undefined;
  /** With `risk`: how probable it is that the promise holds, between 0 and 1; 0.999 unless given. */
  readonly confidence?: number | undefined;
}

/** No threshold keeps the error within what is wanted, with the certainty that is wanted, by these samples. */
export class UnpromisedRiskError extends Error {
  override readonly name = "UnpromisedRiskError";
}

/** A threshold and, where a risk was wanted, what the risk of new samples stays within. */
export interface Found {
  readonly threshold: number;
  readonly riskBound: number | null;
}

/** @throws InputError unless exactly one of coverage and risk is given, each in its range. */
export function readWanted({ coverage, risk, confidence }: WantedOptions): Wanted {
  if ((coverage === undefined) === (risk === undefined)) {
    const received = coverage === undefined ? "neither" : "both";
    throw new InputError(`${option("coverage")} and ${option("risk")}: received ${received}; expected one of them`);
  }
  if (coverage !== undefined) {
    if (confidence !== undefined) {
      throw new InputError(
        `${option("confidence")}: received ${confidence} with ${option("coverage")}, which promises no risk; it goes with ${option("risk")}`,
      );
    }
    if (coverage > 0 && coverage <= 1) return { coverage };
    throw new InputError(
      `${option("coverage")}: received ${coverage}; expected a share above 0 and at most 1${asShare(coverage)}`,
    );
  }
  return { risk: between("risk", risk), confidence: between("confidence", confidence ?? 0.999) };
}

function between(name: string, share = Number.NaN): number {
  if (share > 0 && share < 1) return share;
  throw new InputError(`${option(name)}: received ${share}; expected a share above 0 and below 1${asShare(share)}`);
}

/** Per cent look like shares that are far too large. */
const asShare = (given: number) => (given >= 2 && given < 100 ? `; did you mean ${rounded(given / 100)}?` : "");

/** Per cent of the samples that hold just the whole number of them in a share, whatever multiplying does to last digits. */
function perCentOf(share: number, samples: number): number {
  const count = Math.floor(rounded(share * samples));
  return Math.min(100, (100 * (count + 0.5)) / samples);
}

/** Without the last digits, where arithmetic leaves its traces: 0.29 * 100 is 29. */
const rounded = (value: number) => Number(value.toPrecision(12));

/**
 * The threshold for what is wanted: of a coverage by `thresholdAtCoverage`, of a risk by `guaranteedRisk`.
 *
 * confidence (n), correct (n).
 * @throws UnpromisedRiskError where no threshold can promise the risk, with the least that can be.
 */
export function findThreshold(wanted: Wanted, confidence: Float64Array, correct: Uint8Array): Found {
  if ("coverage" in wanted) {
    return {
      threshold: thresholdAtCoverage(confidence, perCentOf(wanted.coverage, confidence.length)),
      riskBound: null,
    };
  }
  const { risk } = wanted;
  const delta = rounded(1 - wanted.confidence);
  const found = guaranteedRisk(confidence, correct, { risk, delta });
  if (found !== null) return { threshold: found.threshold, riskBound: found.bound };
  throw new UnpromisedRiskError(unpromised(wanted, leastPromise(confidence, correct, risk, delta), confidence.length));
}

interface Promised {
  readonly risk: number;
  readonly coverage: number;
}

/** The least risk above `risk` that would be promised, to a millionth, found by halving; null where none would. */
function leastPromise(confidence: Float64Array, correct: Uint8Array, risk: number, delta: number): Promised | null {
  const promised = (tried: number) => guaranteedRisk(confidence, correct, { risk: tried, delta });
  let [low, high] = [risk, 1 - 2 ** -30];
  let found = promised(high);
  while (found !== null && high - low > 1e-6) {
    const middle = (low + high) / 2;
    const better = promised(middle);
    if (better === null) low = middle;
    else [found, high] = [better, middle];
  }
  return found === null ? null : { risk: high, coverage: found.coverage };
}

const percent = (share: number, digits = 1) => `${rounded(Number((100 * share).toFixed(digits)))}%`;

function unpromised(
  { risk, confidence }: Extract<Wanted, { risk: number }>,
  least: Promised | null,
  samples: number,
): string {
  const wanted = `no threshold can promise an error of at most ${percent(risk, 3)} with probability ${percent(confidence, 4)}`;
  const best =
    least === null
      ? "nothing can be promised, since no answer is right"
      : `the least that can be promised is ${percent(Math.ceil(1000 * least.risk) / 1000)}, at ${percent(least.coverage)} coverage`;
  return `${wanted} by these ${samples} samples: ${best}; more held-out data, a larger ${option("risk")} or a lower ${option("confidence")} would help; nothing was written`;
}
