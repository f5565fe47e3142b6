// The score that a run's objective trains for: what its confidence is where calibration chose no other.
import type { ScoreName } from "../metrics/index.js";

const trained: Readonly<Record<string, ScoreName>> = {
  "sat-selective": "abstention",
  "deep-gamblers": "abstention",
  selectivenet: "selection",
};

/** The abstention or selection output of objectives that train one, the largest probability for all others. */
export function nativeScore(objective: string): ScoreName {
  return trained[objective] ?? "softmax-response";
}
