// ConvNeXt: a convolutional network in the manner of vision transformers.
import { z } from "zod";
import { count } from "../../../options/index.js";
import { nn, ops, type Tensor } from "../../../torch/index.js";
import { scopeUnlessRecording } from "../../../torch/recorder.js";
import { defineNetwork } from "../../define-network.js";
import { type ForeignWeights, type Network, requireImageSize } from "../../network.js";
import { Blocks, dropPathOption, dropPathRates, linear, Mlp, smallInit } from "../smooth-layers.js";
import { convNextWeights } from "./weights.js";

const eps = 1e-6;

/** x + dropPath(gamma * mlp(norm(conv_dw(x)))): a depthwise convolution of 7 x 7, the rest pixel by pixel. */
class ConvNextBlock extends nn.Module {
  readonly gamma: Tensor;
  readonly conv_dw: nn.Conv2d;
  readonly norm: nn.LayerNorm;
  readonly mlp: Mlp;
  readonly dropPath: nn.DropPath;

  constructor(channels: number, dropPath: number) {
    super();
    this.gamma = this.parameter("gamma", ops.full([channels], 1e-6));
    this.conv_dw = new nn.Conv2d(channels, channels, 7, { padding: 3, groups: channels, ...smallInit });
    this.norm = new nn.LayerNorm(channels, { eps });
    this.mlp = new Mlp(channels, 4 * channels);
    this.dropPath = new nn.DropPath(dropPath);
  }

  override forward(x: Tensor): Tensor {
    return scopeUnlessRecording(() => {
      const pixels = this.conv_dw.forward(x).permute([0, 2, 3, 1]);
      const mapped = this.mlp.forward(this.norm.forward(pixels)).mul(this.gamma);
      return x.add(this.dropPath.forward(mapped.permute([0, 3, 1, 2])));
    });
  }
}

class Stage extends nn.Module {
  readonly downsample: nn.Module;
  readonly blocks: Blocks;

  constructor(inputs: number, outputs: number, rates: readonly number[], first: boolean) {
    super();
    this.downsample = first
      ? new nn.Identity()
      : new nn.Sequential(
          new nn.LayerNorm2d(inputs, { eps }),
          new nn.Conv2d(inputs, outputs, 2, { stride: 2, ...smallInit }),
        );
    this.blocks = new Blocks(...rates.map((rate) => new ConvNextBlock(outputs, rate)));
  }

  override forward(x: Tensor): Tensor {
    return scopeUnlessRecording(() => this.blocks.forward(this.downsample.forward(x)));
  }
}

class Head extends nn.Module {
  readonly norm: nn.LayerNorm;
  readonly fc: nn.Linear;

  constructor(features: number, outputs: number) {
    super();
    this.norm = new nn.LayerNorm(features, { eps });
    this.fc = linear(features, outputs);
  }

  override forward(features: Tensor): Tensor {
    return this.fc.forward(features);
  }
}

interface ConvNextOptions {
  readonly outputs: number;
  readonly channels: number;
  readonly depths: readonly number[];
  readonly dims: readonly number[];
  readonly dropPath: number;
}

/** Patches of 4 x 4 pixels, four stages that halve the size in between, the mean over the pixels, layer norm, a linear layer. */
class ConvNext extends nn.Module implements Network {
  readonly embeddingSize: number;
  readonly foreign: ForeignWeights;
  readonly layerPattern = /^stages\.\d+\.(?:downsample|blocks\.\d+)(?=\.)/;
  readonly #layers: { readonly stem: nn.Sequential; readonly stages: nn.Sequential; readonly head: Head };

  constructor({ outputs, channels, depths, dims, dropPath }: ConvNextOptions) {
    super();
    const [first = 0] = dims;
    this.embeddingSize = dims.at(-1) as number;
    this.foreign = convNextWeights(() => this.stateDict());
    const before = (stage: number) => depths.slice(0, stage).reduce((sum, depth) => sum + depth, 0);
    const rates = dropPathRates(before(depths.length), dropPath);
    const stages = dims.map((channels, i) => {
      const own = rates.slice(before(i), before(i + 1));
      return new Stage(dims[i - 1] ?? channels, channels, own, i === 0);
    });
    this.#layers = {
      stem: new nn.Sequential(
        new nn.Conv2d(channels, first, 4, { stride: 4, ...smallInit }),
        new nn.LayerNorm2d(first, { eps }),
      ),
      stages: new nn.Sequential(...stages),
      head: new Head(this.embeddingSize, outputs),
    };
  }

  get head(): string {
    return "head.fc";
  }

  override *children(): Generator<[string, nn.Module]> {
    yield* Object.entries(this.#layers);
  }

  embed(input: Tensor): Tensor {
    return scopeUnlessRecording(() => {
      const { stem, stages, head } = this.#layers;
      const maps = stages.forward(stem.forward(input));
      return head.norm.forward(ops.adaptiveAvgPool2d(maps, [1, 1]).flatten({ startDim: 1 }));
    });
  }

  classify(features: Tensor): Tensor {
    return this.#layers.head.forward(features);
  }

  override forward(input: Tensor): Tensor {
    return scopeUnlessRecording(() => this.classify(this.embed(input)));
  }
}

const four = (values: readonly number[]) =>
  z
    .array(count())
    .length(4)
    .readonly()
    .default(() => [...values]);

function define(name: string, description: string) {
  return defineNetwork({
    name,
    description,
    decayOn: "weights",
    checkpointing: true,
    options: {
      depths: four([3, 3, 9, 3]).describe("blocks of each of the four stages"),
      dims: four([96, 192, 384, 768]).describe("channels of each of the four stages"),
      dropPath: dropPathOption(),
    },
    build: ({ outputs, channels, imageSize = 32 }, { depths, dims, dropPath = 0 }) => {
      requireImageSize(name, imageSize, 32);
      return new ConvNext({ outputs, channels, depths, dims, dropPath });
    },
  });
}

/** ConvNeXt of any depths and widths, those of the tiny one by default. @see Liu et al. 2022, arXiv 2201.03545 */
export const convNext = define("convnext", "ConvNeXt; its sizes are options of the library");
export const convNextTiny = define("convnext-tiny", "ConvNeXt-T");
