// Detects constant samples.
import { InputError } from "../errors.js";
import { listed } from "./listed.js";
import { decodedSamples, evenlySpread } from "./loader/streamed.js";
import type { HeldSamples, Samples } from "./types.js";

/**
 * A line on the images of a single color, or none. Of streamed images at most 1,000 are checked, evenly spaced.
 *
 * Throws `InputError` where all samples are the same.
 */
export async function constantImages(samples: Samples): Promise<string[]> {
  const held =
    samples.kind === "streamed" ? await decodedSamples(samples, evenlySpread(samples.labels.length)) : samples;
  const { labels, shape } = held;
  if (labels.length > 1 && allEqual(held)) {
    throw new InputError(`all ${labels.length} training samples are the same; expected samples that differ`);
  }
  if (shape.length !== 3) return [];
  const constant = Array.from(labels.keys()).filter((i) => isConstant(held, i));
  if (constant.length === 0) return [];
  const names = constant.map((i) => held.files?.[i] ?? `sample ${i}`);
  return [`images of a single color: ${constant.length} of ${labels.length}, such as ${listed(names, 3)}`];
}

function allEqual({ values, labels }: HeldSamples): boolean {
  const size = values.length / labels.length;
  for (let i = size; i < values.length; i++) if (values[i] !== values[i % size]) return false;
  return true;
}

/** Whether each channel of an image has one value. */
function isConstant({ values, shape }: HeldSamples, sample: number): boolean {
  const [channels = 1, height = 1, width = 1] = shape;
  const plane = height * width;
  for (let channel = 0; channel < channels; channel++) {
    const start = (sample * channels + channel) * plane;
    for (let i = start + 1; i < start + plane; i++) if (values[i] !== values[start]) return false;
  }
  return true;
}
