// An image set before and after it is read: two lists of files, then two parts.
import type { Samples } from "../types.js";
import type { ImageEntry } from "./each-image.js";

/** The two parts of an image set, as the format lists them. */
export interface ImageLists {
  readonly folder: string;
  readonly train: readonly ImageEntry[];
  readonly test: readonly ImageEntry[] | null;
}

/** The two parts of an image set, decoded or streamed. */
export interface ReadImages<S extends Samples = Samples> {
  readonly train: S;
  readonly test: S | null;
  readonly notes: string[];
}
