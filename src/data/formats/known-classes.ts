// The test samples that can be evaluated: those of the classes that training has.
import { samplesAt } from "../split/test-part.js";
import { listed } from "../tables/label-file.js";
import type { Samples } from "../types.js";

export interface KnownTest {
  /** Null where no sample is left. */
  readonly test: Samples | null;
  readonly notes: readonly string[];
}

/** A test part whose labels are written numbers, by class number; samples of other classes are left out with a note. */
export function withKnownClasses(test: Samples | null, classes: readonly string[]): KnownTest {
  if (test === null) return { test, notes: ["there is no test set"] };
  const numbers = new Map(classes.map((name, i) => [name, i]));
  const labels = test.labels.map((label) => numbers.get(String(label)) ?? -1);
  const unknown = new Set(test.labels.filter((_, i) => labels[i] === -1));
  if (unknown.size === 0) return { test: { ...test, labels }, notes: [] };
  const kept = Int32Array.from(labels.keys()).filter((i) => labels[i] !== -1);
  const names = listed(Array.from(unknown, String), 3);
  const count = `${labels.length - kept.length} of ${labels.length} test samples`;
  const note = `left out: ${count}, of classes that training lacks: ${names}`;
  return { test: kept.length === 0 ? null : samplesAt({ ...test, labels }, kept), notes: [note] };
}
