// Predictions from a batch's outputs, and the probability and margin of the given labels.
import type { SamplePredictions } from "../../runs/files/sample-history.js";
import type { Tensor } from "../../torch/index.js";

/** Reads the first `classes` outputs of each row, whose label is at the same position of `labels`. */
export function readPredictions(logits: Tensor, classes: number, labels: ArrayLike<number>): SamplePredictions {
  const [rows = 0, outputs = 0] = logits.shape;
  const values = logits.detach().to("float32").data() as Float32Array;
  const prediction = new Int32Array(rows);
  const probability = new Float32Array(rows);
  const margin = new Float32Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * outputs, i * outputs + classes);
    const label = labels[i] as number;
    const own = row[label] as number;
    let [best, other] = [0, Number.NEGATIVE_INFINITY];
    for (let j = 0; j < classes; j++) {
      const value = row[j] as number;
      if (value > (row[best] as number)) best = j;
      if (j !== label && value > other) other = value;
    }
    let total = 0;
    for (let j = 0; j < classes; j++) total += Math.exp((row[j] as number) - (row[best] as number));
    prediction[i] = best;
    probability[i] = Math.exp(own - (row[best] as number)) / total;
    margin[i] = own - other;
  }
  return { prediction, probability, margin };
}
