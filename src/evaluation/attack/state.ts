// An attack in progress: what it was started with, and its state after the last finished batch.
import type { SearchState } from "../../attacks/index.js";
import type { AttackSettings } from "./settings.js";

/** A sample with an adversarial example, for the report; its images are in `gallery.npy`. */
export interface FooledSample {
  /** Its position in the data. */
  readonly index: number;
  /** Class names: the label, which is the prediction for the clean image, and the prediction for the attacked image. */
  readonly label: string;
  readonly prediction: string;
  readonly attack: string;
}

/** Everything that determines the result of an attack. */
export interface AttackJob {
  readonly settings: AttackSettings;
  /** Of the samples with their labels. */
  readonly data: string;
  /** Of the weights. */
  readonly weights: string;
}

/** An attacked sample as pictures, and its rank among those that a gallery may show. */
export interface GallerySample extends FooledSample {
  readonly rank: number;
  readonly clean: Float32Array;
  readonly attacked: Float32Array;
}

export interface SavedAttack {
  readonly job: AttackJob;
  readonly search: SearchState;
  readonly gallery: readonly GallerySample[];
  readonly warnings: readonly string[];
  /** How many files of attacked images there are. */
  readonly parts: number;
}
