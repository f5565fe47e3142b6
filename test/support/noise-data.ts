// Small sets of images and embeddings to lay noise over.
import type { HeldSamples, Samples } from "../../src/data/index.js";
import { applyNoise, type NoisySamples } from "../../src/data/noise/index.js";

/** The class names "class 0", "class 1", ... */
export const classNames = (count: number) => Array.from({ length: count }, (_, i) => `class ${i}`);

/** n images of 3 x 4 x 4 whose values all differ in a pixel, the classes in turn. */
export function smallImages(n: number, classes: number): HeldSamples {
  return {
    values: Uint8Array.from({ length: n * 48 }, (_, i) => (i * 7 + Math.floor(i / 48) * 31) % 256),
    shape: [3, 4, 4],
    labels: Int32Array.from({ length: n }, (_, i) => i % classes),
  };
}

/** n embeddings of 4 values, the classes in turn. */
export function smallEmbeddings(n: number, classes: number): HeldSamples {
  return {
    values: Float32Array.from({ length: n * 4 }, (_, i) => Math.sin(i * 1.7)),
    shape: [4],
    labels: Int32Array.from({ length: n }, (_, i) => i % classes),
  };
}

/** Noise by its text, over samples of `classes` (10 unless given). */
export function noisy<S extends Samples>(
  text: string,
  samples: S,
  seed = 0,
  classes = classNames(10),
): Promise<NoisySamples<S>> {
  return applyNoise({ samples, classes, spec: text, seed });
}

/** How many samples of class i have the label j. */
export function transitions(before: Int32Array, after: Int32Array, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  before.forEach((label, i) => {
    counts[label]![after[i]!]! += 1;
  });
  return counts;
}

/** The line that a promise is refused with. */
export function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "it was taken",
    (error: Error) => `${error.name}: ${error.message}`,
  );
}
