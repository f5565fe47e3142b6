// The interface of all networks, and the check of image sizes.
import { InputError } from "../errors.js";
import type { nn, Tensor } from "../torch/index.js";

/** A classifier whose last linear layer can be left out (`embed`) or replaced. */
export interface Network extends nn.Module {
  /** The features that the last linear layer reads, (n, embeddingSize). */
  embed(input: Tensor): Tensor;
  /** The outputs of the last linear layer for these features, (n, outputs). */
  classify(features: Tensor): Tensor;
  readonly embeddingSize: number;
  /** The last linear layer's name in the state dictionary. */
  readonly head: string;
}

/** @throws InputError where images are smaller than the least that leaves a pixel to the last layers. */
export function requireImageSize(network: string, imageSize: number, least: number): void {
  if (imageSize >= least) return;
  throw new InputError(`${network} cannot take images of ${imageSize} pixels; expected at least ${least}`);
}
