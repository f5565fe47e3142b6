// An attack in progress: what it was started with, and its state after the last finished batch.
import type { SearchState } from "../../attacks/index.js";
import type { AttackSettings } from "./settings.js";

/** A sample that an attack brought down, for the report: its images are in `gallery.npy`. */
export interface FooledSample {
  /** Its position in the data. */
  readonly index: number;
  /** Names of classes: the right one, which the network answers to the image, and what it answers to the attacked one. */
  readonly label: string;
  readonly prediction: string;
  readonly attack: string;
}

/** All that decides what an attack comes to. */
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
