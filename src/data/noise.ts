// Label noise: drawn as the paper draws it, or read from a file.
import { InputError } from "../errors.js";
import { readLabels } from "./labels.js";
import { randomFrom } from "./random.js";

/** Which labels are made wrong, and how. */
export type NoiseSpec =
  | { readonly kind: "none" }
  | { readonly kind: "symmetric"; readonly rate: number }
  | { readonly kind: "file"; readonly path: string };

/** What `applyNoise` is given: the labels, the names of the classes, the noise and the run's seed. */
export interface NoiseOptions {
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  readonly spec: NoiseSpec;
  readonly seed: number;
}

/** The labels after the noise, and the (m, 2) pairs (index, new label) of those that differ from before. */
export interface NoisyLabels {
  readonly labels: Int32Array;
  readonly changed: Int32Array;
}

/**
 * Reads `none`, `symmetric:RATE` or `file:PATH`.
 *
 * Throws `InputError` on another kind, or a rate outside [0, 1].
 */
export function parseNoise(text: string): NoiseSpec {
  const [, kind, value = ""] = /^([^:]*):?(.*)$/s.exec(text) ?? [];
  if (text === "none") return { kind: "none" };
  if (kind === "symmetric") return { kind, rate: parseRate(value) };
  if (kind === "file" && value !== "") return { kind, path: value };
  throw new InputError(
    `noise "${text}" is unknown; expected none, symmetric:RATE (such as symmetric:0.4) or file:PATH`,
  );
}

/**
 * The labels with noise laid over them; the labels given stay as they are.
 *
 * `symmetric`: floor(rate n) samples, drawn without replacement, get a label drawn uniformly from all classes, their own
 * included, so that a share rate (1 - 1/C) ends wrong. `file`: a list of n labels, or (index, label) pairs.
 *
 * Throws `InputError` on a rate outside [0, 1], or a file's index or label out of range.
 * @see Huang et al. 2020, section 3 (arXiv 2002.10319)
 */
export async function applyNoise({ labels, classes, spec, seed }: NoiseOptions): Promise<NoisyLabels> {
  const noisy = await corrupt(labels, classes, spec, seed);
  const pairs: number[] = [];
  noisy.forEach((label, i) => {
    if (label !== labels[i]) pairs.push(i, label);
  });
  return { labels: noisy, changed: Int32Array.from(pairs) };
}

async function corrupt(labels: Int32Array, classes: readonly string[], spec: NoiseSpec, seed: number) {
  if (spec.kind === "none") return labels.slice();
  if (spec.kind === "file") return readLabels(spec.path, labels, classes);
  checkRate(spec.rate, String(spec.rate));
  const random = randomFrom(seed, "symmetric noise");
  const noisy = labels.slice();
  for (const index of random.sample(labels.length, Math.floor(spec.rate * labels.length))) {
    noisy[index] = random.integer(classes.length);
  }
  return noisy;
}

function parseRate(text: string): number {
  const rate = text.trim() === "" ? Number.NaN : Number(text);
  checkRate(rate, text);
  return rate;
}

function checkRate(rate: number, received: string): void {
  if (rate >= 0 && rate <= 1) return;
  throw new InputError(`noise rate "${received}" is out of range; expected a number from 0 to 1`);
}
