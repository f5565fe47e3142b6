// An image set before and after it is read: two lists of files, then two parts.
import type { Samples } from "../../types.js";
import type { ImageEntry } from "./each-image.js";

/** The parts of an image set, as the format lists them; those for validation are among the training part's. */
export interface ImageLists {
  readonly folder: string;
  readonly train: readonly ImageEntry[];
  readonly test: readonly ImageEntry[] | null;
}

/** The parts of an image set, decoded or streamed. */
export interface ReadImages<S extends Samples = Samples> {
  readonly train: S;
  readonly test: S | null;
  /** The training samples that are for validation; absent where there are none. */
  readonly validation?: Int32Array;
  readonly notes: string[];
}

/** `validation` of a data set, from the training part's images that were read. */
export function validationOf(entries: readonly ImageEntry[]): { validation?: Int32Array } {
  const chosen = entries.flatMap(({ isValidation }, i) => (isValidation ? [i] : []));
  return chosen.length === 0 ? {} : { validation: Int32Array.from(chosen) };
}
