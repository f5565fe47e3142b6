// What every network of ours is, beyond a module.
import { InputError } from "../errors.js";
import type { nn, Tensor } from "../torch/index.js";

/** A classifier whose last linear layer can be left out (`embed`) or replaced. */
export interface Network extends nn.Module {
  /** The features that the last linear layer reads, (n, embeddingSize). */
  embed(input: Tensor): Tensor;
  /** The last linear layer: what it makes of such features, (n, outputs). */
  classify(features: Tensor): Tensor;
  readonly embeddingSize: number;
  /** The last linear layer's name in the state dictionary. */
  readonly head: string;
}

/** What every network is made from. */
export interface NetworkOptions {
  readonly outputs: number;
  /** How wide the network is: 64 is the published one, in all of them. */
  readonly width?: number;
  readonly channels?: number;
  readonly imageSize?: number;
}

/** @throws InputError unless the value is a whole number of at least `least`. */
export function requireCount(name: string, value: number, least = 1): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new InputError(`${name} is ${value}; expected a whole number of at least ${least}`);
}

/** @throws InputError where images are smaller than the least that leaves a pixel to the last layers. */
export function requireImageSize(network: string, imageSize: number, least: number): void {
  requireCount("the image size", imageSize);
  if (imageSize >= least) return;
  throw new InputError(`${network} cannot take images of ${imageSize} pixels; expected at least ${least}`);
}
