// Balanced sampling: samples of small classes are repeated in an epoch until every class is as large as the largest.
import { randomFrom } from "../random.js";

/**
 * The given samples and as many repeats that all classes among them have the size of the largest. Every sample of a class is
 * repeated equally often, but for a remainder drawn by (seed, epoch).
 */
export function oversample(indices: Int32Array, labels: Int32Array, seed: number, epoch: number): Int32Array {
  const members = new Map<number, number[]>();
  for (const sample of indices) {
    const label = labels[sample] as number;
    const others = members.get(label);
    if (others === undefined) members.set(label, [sample]);
    else others.push(sample);
  }
  const largest = Math.max(0, ...[...members.values()].map(({ length }) => length));
  const repeated = [...members].sort(([a], [b]) => a - b);
  return Int32Array.from(
    repeated.flatMap(([label, samples]) => {
      const rounds = Math.floor(largest / samples.length);
      const rest = randomFrom(seed, epoch, label, "oversample").sample(samples.length, largest % samples.length);
      return [...new Array(rounds).fill(samples).flat(), ...[...rest].map((i) => samples[i] as number)];
    }),
  );
}
