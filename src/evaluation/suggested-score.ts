// The confidence score to use for a network: its method's, unless another one clearly ranks its predictions better.
import { type AreaDifference, areaDifferences, type Correctness, type ScoreName } from "../metrics/index.js";

/** A score, and what is won by it. */
export interface SuggestedScore {
  readonly score: ScoreName;
  /** Its AURC minus that of the method's score, with the bootstrap interval over samples; null where it is the method's. */
  readonly difference: AreaDifference | null;
}

/**
 * Among scores whose AURC is below the method's by an interval that excludes zero, the one with the lowest; else the method's.
 * The interval covers the choice of samples, not of another training run.
 */
export function suggestedScore(
  native: ScoreName,
  confidences: ReadonlyMap<ScoreName, Float64Array>,
  correct: Correctness,
  seed: number,
): SuggestedScore {
  const others = [...confidences].filter(([name]) => name !== native);
  const rankings = others.map(([, confidence]) => confidence);
  const differences = areaDifferences(confidences.get(native)!, rankings, correct, { seed });
  const better = others
    .map(([score], k) => ({ score, difference: differences[k]! }))
    .filter(({ difference }) => difference.interval[1] < 0)
    .sort((a, b) => a.difference.value - b.difference.value);
  return better[0] ?? { score: native, difference: null };
}
