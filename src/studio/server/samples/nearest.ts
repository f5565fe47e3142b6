// The training images of a class that are most like a sample.
import type { Evidence, LoadedPart } from "../evidence/loaded.js";

export interface Nearest {
  readonly sample: number;
  readonly label: string;
  /** The cosine of the features. */
  readonly similarity: number;
}

/** The `count` nearest training samples given this class, without the sample itself. */
export function nearestOfClass(
  evidence: Evidence,
  part: LoadedPart,
  row: number,
  { label, count }: { readonly label: number; readonly count: number },
): Nearest[] {
  const size = evidence.featureSize;
  const train = evidence.part("train");
  const bank = train.features();
  const query = part.features().subarray(row * size, (row + 1) * size);
  const found: { row: number; similarity: number }[] = [];
  for (const other of evidence.trainRows(label)) {
    if (part === train && other === row) continue;
    const similarity = cosine(query, bank, other * size);
    if (found.length === count && similarity <= found[count - 1]!.similarity) continue;
    const at = found.findIndex((known) => similarity > known.similarity);
    found.splice(at < 0 ? found.length : at, 0, { row: other, similarity });
    if (found.length > count) found.pop();
  }
  return found.map(({ row: other, similarity }) => ({
    sample: train.samples[other]!,
    label: evidence.classes[label]!,
    similarity,
  }));
}

/** Of two rows at length 1. */
function cosine(query: Float32Array, bank: Float32Array, start: number): number {
  let sum = 0;
  for (let j = 0; j < query.length; j++) sum += query[j]! * bank[start + j]!;
  return sum;
}
