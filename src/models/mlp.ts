// A multi-layer perceptron, for arrays and embeddings.
import { InputError } from "../errors.js";
import { nn, type Tensor } from "../torch/index.js";
import { scopeUnlessRecording } from "../torch/recorder.js";
import { type Network, type NetworkOptions, requireCount } from "./network.js";

export interface MlpOptions extends NetworkOptions {
  /** Numbers in each sample; those of an image where its size is given instead. */
  readonly features?: number;
  /** Units of each hidden layer; two layers of eight times the width unless given. */
  readonly hidden?: readonly number[];
}

/** Linear, batch norm, ReLU for every hidden layer, then a linear layer. */
class Mlp extends nn.Module implements Network {
  readonly head = "linear";
  readonly embeddingSize: number;
  readonly layers: nn.Sequential;
  readonly linear: nn.Linear;

  constructor(features: number, hidden: readonly number[], outputs: number) {
    super();
    const inputs = [features, ...hidden];
    const layers = hidden.flatMap((units, i) => [
      new nn.Linear(inputs[i] as number, units),
      new nn.BatchNorm1d(units),
      new nn.ReLU(),
    ]);
    this.embeddingSize = inputs.at(-1) as number;
    this.layers = new nn.Sequential(...layers);
    this.linear = new nn.Linear(this.embeddingSize, outputs);
  }

  embed(input: Tensor): Tensor {
    return scopeUnlessRecording(() => this.layers.forward(input.flatten({ startDim: 1 })));
  }

  classify(features: Tensor): Tensor {
    return this.linear.forward(features);
  }

  override forward(input: Tensor): Tensor {
    return scopeUnlessRecording(() => this.classify(this.embed(input)));
  }
}

/**
 * A perceptron on (n, features), or on anything else with n rows of so many numbers.
 * @throws InputError without the number of features, and for sizes that are not positive whole numbers.
 */
export function mlp({ outputs, width = 64, channels = 3, imageSize, features, hidden }: MlpOptions): Network {
  const size = features ?? (imageSize === undefined ? undefined : channels * imageSize ** 2);
  if (size === undefined) throw new InputError("mlp needs the number of features of a sample, received none");
  const units = hidden ?? [8 * width, 8 * width];
  requireCount("the number of features", size);
  requireCount("the width", width);
  for (const count of units) requireCount("a hidden layer's width", count);
  return new Mlp(size, units, outputs);
}
