// Layers that vision transformers and ConvNeXt share, with the initial weights of both papers.
import { fractionBelowOne } from "../../options/index.js";
import { nn, ops, type Tensor } from "../../torch/index.js";

/** Weights of N(0, 0.02), biases of zero. */
export const smallInit = { init: nn.normal(0.02), biasInit: nn.zeros } as const;

export const linear = (inputs: number, outputs: number) => new nn.Linear(inputs, outputs, smallInit);

/** Blocks in sequence, whose insides gradient checkpointing does not keep. */
export class Blocks extends nn.Sequential {
  override forward(input: Tensor): Tensor {
    let value = input;
    for (const [, block] of this.children()) value = nn.forwardCheckpointed(block, value);
    return value;
  }
}

/** Linear, GELU, linear, on the last dimension. */
export class Mlp extends nn.Module {
  readonly fc1: nn.Linear;
  readonly act: nn.GELU;
  readonly fc2: nn.Linear;

  constructor(size: number, hidden: number, gelu: nn.GeluForm = "exact") {
    super();
    this.fc1 = linear(size, hidden);
    this.act = new nn.GELU(gelu);
    this.fc2 = linear(hidden, size);
  }

  override forward(input: Tensor): Tensor {
    return this.fc2.forward(this.act.forward(this.fc1.forward(input)));
  }
}

/** A learned factor for each channel of the last dimension. @see Touvron et al. 2021, arXiv 2103.17239 */
export class LayerScale extends nn.Module {
  readonly gamma: Tensor;

  constructor(size: number, initial: number) {
    super();
    this.gamma = this.parameter("gamma", ops.full([size], initial));
  }

  override forward(input: Tensor): Tensor {
    return input.mul(this.gamma);
  }
}

export const dropPathOption = () =>
  fractionBelowOne()
    .optional()
    .describe("rate of drop path (stochastic depth) at the last block of vision transformers and ConvNeXt")
    .meta({ defaultText: "0" });

/** The rates of drop path: from 0 at the first block to `last` at the last one. */
export const dropPathRates = (blocks: number, last: number): readonly number[] =>
  Array.from({ length: blocks }, (_, i) => (blocks === 1 ? 0 : (last * i) / (blocks - 1)));
