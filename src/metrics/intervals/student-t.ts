// Quantiles of Student's t distribution, for intervals of a mean of few values.
import { requireProbability } from "../../options/ranges.js";

/** Bisections of an angle: to the last digits of a double. */
const HALVINGS = 60;

/**
 * The t with P(-t <= T <= t) = level, T of Student's distribution with so many degrees of freedom: a mean of n values lies within
 * t(level, n - 1) standard errors of the true one with that probability.
 * @throws RangeError unless the degrees of freedom are a whole number from 1, and 0 < level < 1.
 */
export function studentQuantile(level: number, degrees: number): number {
  requireProbability("level", level);
  if (!Number.isInteger(degrees) || degrees < 1)
    throw new RangeError(`${degrees} degrees of freedom: expected 1 or more`);
  let [low, high] = [0, Math.PI / 2];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (probabilityWithin(middle, degrees) < level) low = middle;
    else high = middle;
  }
  return Math.sqrt(degrees) * Math.tan(low);
}

/**
 * P(-t <= T <= t) at the angle a = atan(t / sqrt(degrees)): sin a times a sum of powers of cos a, and for odd degrees the angle itself.
 * @see Abramowitz and Stegun 1964, 26.7.3 and 26.7.4
 */
function probabilityWithin(angle: number, degrees: number): number {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = degrees % 2;
  let term = odd === 1 ? cosine : 1;
  let sum = 0;
  for (let k = 2 + odd; k <= degrees; k += 2) {
    sum += term;
    term *= ((k - 1) / k) * cosine * cosine;
  }
  return odd === 1 ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
