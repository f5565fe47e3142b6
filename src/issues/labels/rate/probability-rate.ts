// The noise rate by probabilities of any network for samples that it was not trained on.
import {
  confusionRate,
  heldOutEvidence,
  leastHeldOut,
  likelihoodRate,
  mostOfGoodNetworks,
  showsNoise,
} from "./held-out-rate.js";
import { type NoiseRate, rateOf, unknownRate } from "./noise-rate.js";

/**
 * By the likelihood of the labels where that shows noise; else the rate of the confident joint, its interval widened to the
 * disagreement among the most confident 30%. Unknown for predictions near chance.
 *
 * A network that errs more, the less confident it is, or that disagrees with more than a quarter of its most confident 30%, may be weak
 * rather than the labels wrong: the rate is then anything from 0 to the joint's.
 *
 * `joint`: the rate of the confident joint; probabilities (n, classes), labels (n).
 */
export function rateOfProbabilities(
  joint: number,
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
): NoiseRate {
  const evidence = heldOutEvidence({ probabilities, labels, classes });
  const { chance, most } = evidence;
  if (chance.unknown !== null) return unknownRate(chance.unknown, chance.atMost);
  if (showsNoise(evidence)) return likelihoodRate(evidence);
  if (labels.length < leastHeldOut) return rateOf("confident joint", joint, [], labels.length);
  if (evidence.confusions?.shows) return confusionRate(evidence, evidence.confusions);
  if (evidence.weak) return likelihoodRate(evidence);
  const rate = rateOf("confident joint", joint, [most], labels.length);
  return most > mostOfGoodNetworks ? { ...rate, estimate: 0, low: 0 } : rate;
}
