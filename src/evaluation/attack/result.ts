// The result of an attack, counted from the final state of its search.
import {
  type AdversarialExamples,
  type Attack,
  resultWarnings,
  summarizeSearch,
  type TriedAttack,
} from "../../attacks/index.js";
import { randomFrom } from "../../data/index.js";
import { binomialInterval } from "../../metrics/index.js";
import type { RunRecipe } from "../../runs/run-folder.js";
import type { EvaluationData } from "../evaluation-data.js";
import type { AttackSettings } from "./settings.js";
import type { AttackJob, FooledSample, GallerySample, SavedAttack } from "./state.js";

/** A 95% confidence interval. */
type Bounds = readonly [low: number, high: number];

/** Robustness of a run's network against an attack: `results.json` of a folder in `attacks/`. */
export interface AttackResult extends AttackSettings {
  readonly naturalAccuracy: number;
  /** Fraction of samples that are classified correctly, clean and after every attack. */
  readonly robustAccuracy: number;
  /** Exact binomial, 95%. */
  readonly intervals: { readonly naturalAccuracy: Bounds; readonly robustAccuracy: Bounds };
  readonly attacks: readonly TriedAttack[];
  readonly samples: number;
  /** The last epoch that the weights were trained in. */
  readonly epoch: number;
  /** Of all attacks, before and after resuming. */
  readonly seconds: number;
  /** Where the data lies, and which part of it this is. */
  readonly data: string;
  /** Of the samples with their labels, and of the weights. */
  readonly fingerprints: { readonly data: string; readonly weights: string };
  /** Signs of gradient masking and other reasons to distrust the figures. */
  readonly warnings: readonly string[];
  /** At most twelve, in the order of `gallery.npy`, (n, 2, channels, height, width): clean and attacked. */
  readonly gallery: readonly FooledSample[];
}

/** The size of a gallery. */
const GALLERY_SIZE = 12;

/** The figures of a finished attack. */
export function resultOf(
  { job, search, gallery, warnings }: SavedAttack,
  attacks: readonly Attack[],
  epoch: number,
  { name }: EvaluationData,
): AttackResult {
  const samples = search.index.length;
  const { natural, robust, tried } = summarizeSearch(search, attacks);
  return {
    ...job.settings,
    naturalAccuracy: natural / samples,
    robustAccuracy: robust / samples,
    intervals: {
      naturalAccuracy: binomialInterval(natural, samples),
      robustAccuracy: binomialInterval(robust, samples),
    },
    attacks: tried,
    samples,
    epoch,
    seconds: search.seconds.reduce((sum, seconds) => sum + seconds, 0),
    data: name,
    fingerprints: { data: job.data, weights: job.weights },
    warnings: [...warnings, ...resultWarnings(tried, attacks)],
    gallery: gallery.map(({ index, label, prediction, attack }) => ({ index, label, prediction, attack })),
  };
}

/** The settings and fingerprints of a finished attack. */
export function jobOf({ fingerprints, ...result }: AttackResult): AttackJob {
  const { attack, norm, epsilon, steps, stepSize, restarts, loss, limit, batchSize } = result;
  const { checkpoint, seed, precision, kernels, saveImages } = result;
  const search = { attack, norm, epsilon, steps, stepSize, restarts, loss, limit, batchSize };
  return { settings: { ...search, checkpoint, seed, precision, kernels, saveImages }, ...fingerprints };
}

/**
 * The adversarial examples of the gallery after a batch: those of the lowest rank in a random order, so that they are of all classes
 * however the data is sorted.
 */
export function galleryOf(
  { search, gallery }: SavedAttack,
  { positions, clean, attacked }: AdversarialExamples,
  attack: string,
  labels: Int32Array,
  classes: readonly string[],
): readonly GallerySample[] {
  const ranks = randomFrom(0, "shown samples").permutation(search.index.length);
  const nameOf = (label: number) => classes[label] ?? String(label);
  const more = positions.map((position, i): GallerySample => {
    const index = search.index[position] as number;
    return {
      index,
      label: nameOf(labels[index] as number),
      prediction: nameOf(search.attacked[position] as number),
      attack,
      rank: ranks[position] as number,
      clean: clean[i] as Float32Array,
      attacked: attacked[i] as Float32Array,
    };
  });
  return [...gallery, ...more].sort((a, b) => a.rank - b.rank).slice(0, GALLERY_SIZE);
}

/** A row of `samples.csv`. */
export type SampleRow = readonly [index: number, label: string, prediction: string, attacked: string, attack: string];

/** One row per sample: its label, the clean prediction, and the attack that fooled the network with its prediction. */
export function rowsOf(
  { search }: SavedAttack,
  attacks: readonly Attack[],
  { samples: { labels } }: EvaluationData,
  { resolved: { classes } }: RunRecipe,
): SampleRow[] {
  const nameOf = (label: number) => classes[label] ?? String(label);
  return search.index.map((index, i) => {
    const by = search.fooledBy[i] as number;
    const fooled = by >= 0;
    return [
      index,
      nameOf(labels[index] as number),
      nameOf(search.predictions[i] as number),
      fooled ? nameOf(search.attacked[i] as number) : "",
      fooled ? (attacks[by]?.name ?? "") : "",
    ];
  });
}
