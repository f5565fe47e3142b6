// Disagreement with the labels where a network is most confident.

/** Classes predicted for fewer samples say too little. */
const leastPredicted = 5;

/**
 * Disagreement with the given labels among the most confident `fraction` of each predicted class, classes weighted by how
 * often they are predicted: sum_j n_j d_j / sum_j n_j.
 */
export function confidentDisagreement(
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
  fraction: number,
): number {
  let [disagreeing, counted] = [0, 0];
  for (const members of byPrediction(probabilities, labels.length, classes)) {
    if (members.length < leastPredicted) continue;
    const most = Math.max(leastPredicted, Math.floor(fraction * members.length));
    const top = members.sort((a, b) => b.confidence - a.confidence).slice(0, most);
    const wrong = top.filter(({ sample, predicted }) => labels[sample] !== predicted).length;
    disagreeing += (members.length * wrong) / top.length;
    counted += members.length;
  }
  return counted === 0 ? 0 : disagreeing / counted;
}

interface Prediction {
  readonly sample: number;
  readonly predicted: number;
  readonly confidence: number;
}

function byPrediction(probabilities: Float32Array, samples: number, classes: number): Prediction[][] {
  const members: Prediction[][] = Array.from({ length: classes }, () => []);
  for (let sample = 0; sample < samples; sample++) {
    const row = probabilities.subarray(sample * classes, (sample + 1) * classes);
    const confidence = Math.max(...row);
    const predicted = row.indexOf(confidence);
    members[predicted]?.push({ sample, predicted, confidence });
  }
  return members;
}
