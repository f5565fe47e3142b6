// The upper tail of the hypergeometric distribution: Fisher's exact test, one-sided.

/**
 * P(X >= hits) where `drawn` of `population` samples are drawn without replacement and `marked` of them count as hits:
 *
 *     sum_{x >= hits} C(marked, x) C(population - marked, drawn - x) / C(population, drawn)
 *
 * Exact up to rounding; linear in `population`.
 */
export function hypergeometricTail(hits: number, drawn: number, marked: number, population: number): number {
  const logFactorial = logFactorials(population);
  const logChoose = (n: number, k: number) => logFactorial[n]! - logFactorial[k]! - logFactorial[n - k]!;
  const least = Math.max(hits, 0, drawn - (population - marked));
  let sum = 0;
  for (let x = least; x <= Math.min(drawn, marked); x++) {
    sum += Math.exp(logChoose(marked, x) + logChoose(population - marked, drawn - x) - logChoose(population, drawn));
  }
  return Math.min(1, sum);
}

function logFactorials(n: number): Float64Array {
  const logs = new Float64Array(n + 1);
  for (let i = 2; i <= n; i++) logs[i] = logs[i - 1]! + Math.log(i);
  return logs;
}
