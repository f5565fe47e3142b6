// The validation and test samples that can be evaluated: those of the classes that training has.

import { listed } from "../listed.js";
import { samplesAt } from "../split/test-part.js";
import type { Samples } from "../types.js";
import type { ArrayLabels } from "./arrays/array-labels.js";

export interface KnownPart {
  /** Null where no sample is left. */
  readonly samples: Samples | null;
  readonly notes: readonly string[];
}

const isNoLabel = (name: string) => ["", "-1", "nan"].includes(name.toLowerCase());

/**
 * A part with its labels by class number; samples of other classes are left out with a note.
 * @param written the samples' labels as the data gives them
 */
export function withKnownClasses(
  part: "validation" | "test",
  samples: Samples,
  classes: readonly string[],
  written: ArrayLabels = samples.labels,
): KnownPart {
  const numbers = new Map(classes.map((name, i) => [name.normalize("NFC"), i]));
  const names = Array.from<number | string, string>(written, (label) => String(label).trim().normalize("NFC"));
  const labels = Int32Array.from(names, (name) => numbers.get(name) ?? -1);
  const unknown = new Set(names.filter((_, i) => labels[i] === -1));
  if (unknown.size === 0) return { samples: { ...samples, labels }, notes: [] };
  const kept = Int32Array.from(labels.keys()).filter((i) => labels[i] !== -1);
  const count = `${labels.length - kept.length} of ${labels.length} ${part} samples`;
  const shown = new Set([...unknown].map((name) => (isNoLabel(name) ? "no label" : name)));
  const note = `left out: ${count}, of classes that training lacks: ${listed([...shown], 3)}`;
  return { samples: kept.length === 0 ? null : samplesAt({ ...samples, labels }, kept), notes: [note] };
}
