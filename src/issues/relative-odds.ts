// How much more a network believes in another class than in the given label, each class measured by itself.

const least = 1e-3;

/**
 * x_i = max_{j != y} log(p_ij / t_j) - log(p_iy / t_y), with t_j the mean probability of class j among the samples labeled j.
 *
 * A class that is believed less as a whole, for being rare or hard, is not suspect for that. Probabilities count as 0.001 at
 * least; t_j is 1 for a class without samples.
 *
 * probabilities (N, classes), labels (N) -> (n), one for each of `samples`.
 */
export function relativeOdds(
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
  samples: Int32Array,
): Float64Array {
  const levels = classLevels(probabilities, labels, classes, samples);
  const relative = (i: number, j: number) => Math.log(Math.max(least, probabilities[i * classes + j]!) / levels[j]!);
  return Float64Array.from(samples, (i) => {
    const label = labels[i]!;
    let best = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < classes; j++) if (j !== label) best = Math.max(best, relative(i, j));
    return best - relative(i, label);
  });
}

function classLevels(
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
  samples: Int32Array,
): Float64Array {
  const [sums, counts] = [new Float64Array(classes), new Float64Array(classes)];
  for (const i of samples) {
    const label = labels[i]!;
    sums[label]! += Math.max(least, probabilities[i * classes + label]!);
    counts[label]! += 1;
  }
  return sums.map((sum, j) => (counts[j] === 0 ? 1 : sum / counts[j]!));
}
