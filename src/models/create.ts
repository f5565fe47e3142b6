// Networks by name.
import { didYouMean, InputError } from "../errors.js";
import { type Network, requireCount } from "./network.js";
import { resnet18, resnet34, resnet50, type Stem } from "./resnet.js";

export interface ModelOptions {
  readonly classes: number;
  /** How wide the network is: 64 is the published one, in all of them. */
  readonly width?: number;
  readonly imageSize?: number;
  readonly channels?: number;
  /** How the ResNets begin; by the image size unless given. */
  readonly stem?: Stem;
  /** Outputs beside the classes': 1 for abstention. */
  readonly extraOutputs?: number;
}

type Builder = (options: ModelOptions & { readonly outputs: number }) => Network;

const builders: Readonly<Record<string, Builder>> = {
  resnet18,
  resnet34,
  resnet50,
};

export const modelNames: readonly string[] = Object.keys(builders);

/**
 * The named network, with weights drawn from the default random stream.
 * @throws InputError for an unknown name, counts that are not positive whole numbers, and images too small for the network.
 */
export function createModel(name: string, options: ModelOptions): Network {
  const build = Object.hasOwn(builders, name) ? builders[name] : undefined;
  if (build === undefined) {
    throw new InputError(
      `unknown model "${name}"; expected one of ${modelNames.join(", ")}${didYouMean(name, modelNames)}`,
    );
  }
  const { classes, channels = 3, extraOutputs = 0 } = options;
  requireCount("the number of classes", classes);
  requireCount("the number of channels", channels);
  requireCount("the number of extra outputs", extraOutputs, 0);
  return build({ ...options, outputs: classes + extraOutputs });
}
