// Disagreement with the labels where a network is most confident.

/** Classes predicted for fewer samples say too little. */
const leastPredicted = 5;

/** Of a sample, for the class that is predicted. */
export interface Prediction {
  readonly confidence: number;
  /** Whether it is the given label. */
  readonly isLabel: boolean;
}

/** `disagreementOf` the predictions of probabilities (samples, classes). */
export function confidentDisagreement(
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
  fraction: number,
): number | null {
  return disagreementOf(byPrediction(probabilities, labels, classes), fraction);
}

/**
 * Disagreement with the given labels among the most confident `fraction` of each predicted class, classes weighted by how
 * often they are predicted: sum_j n_j d_j / sum_j n_j; null where none is predicted five times.
 * @param byClass the predictions of each class
 */
export function disagreementOf(byClass: Iterable<readonly Prediction[]>, fraction: number): number | null {
  let [disagreeing, counted] = [0, 0];
  for (const members of byClass) {
    if (members.length < leastPredicted) continue;
    const most = Math.max(leastPredicted, Math.floor(fraction * members.length));
    const top = members.toSorted((a, b) => b.confidence - a.confidence).slice(0, most);
    disagreeing += (members.length * top.filter(({ isLabel }) => !isLabel).length) / top.length;
    counted += members.length;
  }
  return counted === 0 ? null : disagreeing / counted;
}

function byPrediction(probabilities: Float32Array, labels: Int32Array, classes: number): Prediction[][] {
  const members: Prediction[][] = Array.from({ length: classes }, () => []);
  for (const [sample, label] of labels.entries()) {
    const row = probabilities.subarray(sample * classes, (sample + 1) * classes);
    const confidence = Math.max(...row);
    const predicted = row.indexOf(confidence);
    members[predicted]?.push({ confidence, isLabel: predicted === label });
  }
  return members;
}
