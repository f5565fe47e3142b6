// Upper confidence limits of a risk from the number of errors.
import { requireProbability } from "../../options/ranges.js";

/** Bisections of [0, 1]: to the last digits of a double, for risks down to 1e-8. */
const HALVINGS = 80;

/**
 * Binomial tail inversion B*: the risk at which at most `errors` errors would be observed with probability `delta`.
 *
 * The b with sum_{j=0..errors} C(samples, j) b^j (1 - b)^(samples - j) = delta; 1 where every sample is wrong. It is the
 * upper Clopper-Pearson limit at level 1 - delta, the beta quantile of (errors + 1, samples - errors), found by bisection:
 * the sum falls with b. Of n samples drawn at random, the true risk is at most b with probability 1 - delta or more.
 *
 * @throws RangeError unless 0 <= errors <= samples, whole numbers, samples >= 1, and 0 < delta < 1.
 * @see Langford 2005, "Tutorial on practical prediction theory for classification" (JMLR 6)
 */
export function binomialTailInversion(errors: number, samples: number, delta: number): number {
  check(errors, samples, delta);
  if (errors === samples) return 1;
  const logWays = logBinomial(samples, errors);
  const goal = Math.log(delta);
  let [low, high] = [0, 1];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (logWays + logTail(errors, samples, middle) > goal) low = middle;
    else high = middle;
  }
  return high;
}

/** log of sum_{j<=errors} C(samples, j) b^j (1 - b)^(samples - j), less log C(samples, errors): summed from the top down. */
function logTail(errors: number, samples: number, b: number): number {
  const odds = (1 - b) / b;
  let [term, sum] = [1, 1];
  for (let j = errors; j > 0 && term > sum * Number.EPSILON * 1e-3; j--) {
    term *= (j / (samples - j + 1)) * odds;
    sum += term;
  }
  return errors * Math.log(b) + (samples - errors) * Math.log1p(-b) + Math.log(sum);
}

function logBinomial(samples: number, chosen: number): number {
  let sum = 0;
  for (let j = 1; j <= chosen; j++) sum += Math.log((samples - chosen + j) / j);
  return sum;
}

function check(errors: number, samples: number, delta: number): void {
  if (!(Number.isInteger(samples) && samples >= 1)) throw new RangeError(`${samples} samples: expected one or more`);
  if (!(Number.isInteger(errors) && errors >= 0 && errors <= samples)) {
    throw new RangeError(`${errors} errors of ${samples} samples: expected a whole number from 0 to ${samples}`);
  }
  requireProbability("delta", delta);
}
