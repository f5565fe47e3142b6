// A multi-layer perceptron, for arrays and embeddings.
import { z } from "zod";
import { InputError } from "../../errors.js";
import { count } from "../../options/index.js";
import { nn, type Tensor } from "../../torch/index.js";
import { scopeUnlessRecording } from "../../torch/recorder.js";
import { defineNetwork, width } from "../define-network.js";
import type { Network } from "../network.js";

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

const name = "mlp";

/** An MLP on (n, features), or on images or other samples, flattened. */
export const mlp = defineNetwork({
  name,
  description: "multi-layer perceptron, for arrays and embeddings",
  options: {
    width: width(),
    hidden: z
      .array(count())
      .readonly()
      .optional()
      .describe("units of each hidden layer (default: two layers of eight times the width)"),
  },
  build: ({ outputs, channels, imageSize, features }, { width, hidden = [8 * width, 8 * width] }) => {
    const inputs = features ?? (imageSize === undefined ? undefined : channels * imageSize ** 2);
    if (inputs === undefined) throw new InputError(`${name}: \`features\`: received nothing; expected a whole number`);
    return new Mlp(inputs, hidden, outputs);
  },
});
