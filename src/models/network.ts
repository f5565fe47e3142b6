// The interface of all networks, and the check of image sizes.
import { InputError } from "../errors.js";
import type { nn, StoredTensor, Tensor } from "../torch/index.js";

/** A classifier whose last linear layer can be left out (`embed`) or replaced. */
export interface Network extends nn.Module {
  /** The features that the last linear layer reads, (n, embeddingSize). */
  embed(input: Tensor): Tensor;
  /** The outputs of the last linear layer for these features, (n, outputs). */
  classify(features: Tensor): Tensor;
  readonly embeddingSize: number;
  /** The last linear layer's name in the state dictionary. */
  readonly head: string;
  /** What its features depend on besides its weights, such as a file. */
  readonly fingerprint?: string | undefined;
  /** What begins the names of a layer's parameters, where it is not a number: for learning rates by layer. */
  readonly layerPattern?: RegExp | undefined;
  /** How the files of other libraries have this network. */
  readonly foreign?: ForeignWeights;
}

/** What other libraries' files of a network differ in. */
export interface ForeignWeights {
  /** The name here of a tensor with a name of theirs; other names stay. */
  rename(name: string): string;
  /** A tensor, by its name here and theirs, in the shape that this network has it in, where it can be brought there. */
  fit(name: string, tensor: StoredTensor, theirs: string): StoredTensor;
  /** First parts of names that other forms of this network have: a file with one that this form lacks is of another network. */
  readonly parts: readonly string[];
}

/** @throws InputError where images are smaller than the least that leaves a pixel to the last layers. */
export function requireImageSize(network: string, imageSize: number, least: number): void {
  if (imageSize >= least) return;
  throw new InputError(`${network} cannot take images of ${imageSize} pixels; expected at least ${least}`);
}

/** Renames by the first parts that patterns match, one after the other. */
export type NameRule = readonly [theirs: RegExp, ours: string];

export const renamedBy = (rules: readonly NameRule[]) => (name: string) =>
  rules.reduce((renamed, [theirs, ours]) => renamed.replace(theirs, ours), name);

/** The tensor in another shape of as many elements; as it is where their numbers differ. */
export function reshaped(tensor: StoredTensor, shape: readonly number[]): StoredTensor {
  const sizeOf = (sides: readonly number[]) => sides.reduce((size, side) => size * side, 1);
  return sizeOf(tensor.shape) === sizeOf(shape) ? { ...tensor, shape } : tensor;
}
