// Networks by name.
import { didYouMean, InputError } from "../errors.js";
import { type MlpOptions, mlp } from "./mlp.js";
import { type Network, requireCount } from "./network.js";
import { type ResNetOptions, resnet18, resnet34, resnet50 } from "./resnet.js";
import { vgg16bn } from "./vgg.js";
import { wrn16x1, wrn28x10, wrn34x10 } from "./wide-resnet.js";

/** What all networks take, and what only ResNets (`stem`) and the perceptron (`features`, `hidden`) look at. */
export interface ModelOptions extends Omit<ResNetOptions & MlpOptions, "outputs"> {
  readonly classes: number;
  /** Outputs beside the classes': 1 for abstention. */
  readonly extraOutputs?: number;
}

type Builder = (options: ModelOptions & { readonly outputs: number }) => Network;

const builders: Readonly<Record<string, Builder>> = {
  resnet18,
  resnet34,
  resnet50,
  "wrn-16-1": wrn16x1,
  "wrn-28-10": wrn28x10,
  "wrn-34-10": wrn34x10,
  "vgg16-bn": vgg16bn,
  mlp,
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
