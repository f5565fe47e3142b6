// Residual networks: ResNet-18 and 34 of basic blocks, ResNet-50 of bottlenecks.
import { nn, type Tensor } from "../../torch/index.js";
import { scopeUnlessRecording } from "../../torch/recorder.js";
import { defineNetwork, width } from "../define-network.js";
import type { Network } from "../network.js";
import { convolution } from "./blocks.js";
import { chooseStem, firstConvolution, type Stem, stemOption, stemPool } from "./stem.js";

type Block = new (inputs: number, width: number, stride: number) => nn.Block;

/** A projection where the block changes size or channels, else nothing. */
function shortcutOf(inputs: number, outputs: number, stride: number): nn.Sequential {
  if (stride === 1 && inputs === outputs) return new nn.Sequential();
  return new nn.Sequential(convolution(inputs, outputs, 1, stride), new nn.BatchNorm2d(outputs));
}

/** relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x)). */
class BasicBlock extends nn.Block {
  static readonly expansion = 1;
  readonly conv1: nn.Conv2d;
  readonly bn1: nn.BatchNorm2d;
  readonly conv2: nn.Conv2d;
  readonly bn2: nn.BatchNorm2d;
  readonly shortcut: nn.Sequential;

  constructor(inputs: number, width: number, stride: number) {
    super();
    this.conv1 = convolution(inputs, width, 3, stride);
    this.bn1 = new nn.BatchNorm2d(width);
    this.conv2 = convolution(width, width, 3);
    this.bn2 = new nn.BatchNorm2d(width);
    this.shortcut = shortcutOf(inputs, width, stride);
  }

  override trace(x: nn.Maps): nn.Maps {
    const inner = x.convolve(this.conv1).norm(this.bn1).relu();
    const shortcut = x.through(this.shortcut);
    return inner.convolve(this.conv2).norm(this.bn2).add(shortcut).relu();
  }
}

/** As the basic block, of 1 x 1, 3 x 3 (which has the stride) and 1 x 1 convolutions, the last to four times the width. */
class Bottleneck extends nn.Block {
  static readonly expansion = 4;
  readonly conv1: nn.Conv2d;
  readonly bn1: nn.BatchNorm2d;
  readonly conv2: nn.Conv2d;
  readonly bn2: nn.BatchNorm2d;
  readonly conv3: nn.Conv2d;
  readonly bn3: nn.BatchNorm2d;
  readonly shortcut: nn.Sequential;

  constructor(inputs: number, width: number, stride: number) {
    super();
    const outputs = Bottleneck.expansion * width;
    this.conv1 = convolution(inputs, width, 1);
    this.bn1 = new nn.BatchNorm2d(width);
    this.conv2 = convolution(width, width, 3, stride);
    this.bn2 = new nn.BatchNorm2d(width);
    this.conv3 = convolution(width, outputs, 1);
    this.bn3 = new nn.BatchNorm2d(outputs);
    this.shortcut = shortcutOf(inputs, outputs, stride);
  }

  override trace(x: nn.Maps): nn.Maps {
    const narrow = x.convolve(this.conv1).norm(this.bn1).relu();
    const inner = narrow.convolve(this.conv2).norm(this.bn2).relu();
    const shortcut = x.through(this.shortcut);
    return inner.convolve(this.conv3).norm(this.bn3).add(shortcut).relu();
  }
}

/** A stage of blocks, the first of which has the stride and takes the stage before's channels. */
function stage(BlockType: Block, inputs: number, outputs: number, width: number, blocks: number, stride: number) {
  const first = new BlockType(inputs, width, stride);
  const others = Array.from({ length: blocks - 1 }, () => new BlockType(outputs, width, 1));
  return new nn.Sequential(first, ...others);
}

/** Stem, four stages of doubling width and halving size, the mean over the pixels, a linear layer. */
class ResNet extends nn.Module implements Network {
  readonly head = "linear";
  readonly embeddingSize: number;
  readonly conv1: nn.Conv2d;
  readonly bn1: nn.BatchNorm2d;
  readonly layer1: nn.Sequential;
  readonly layer2: nn.Sequential;
  readonly layer3: nn.Sequential;
  readonly layer4: nn.Sequential;
  readonly linear: nn.Linear;
  readonly #trunk: nn.Trunk;

  constructor(BlockType: Block & { readonly expansion: number }, blocks: StageSizes, options: ResNetOptions) {
    super();
    const { outputs, width, channels, stem } = options;
    const wide = (stages: number) => BlockType.expansion * width * 2 ** (stages - 1);
    this.conv1 = firstConvolution(stem, channels, width);
    this.bn1 = new nn.BatchNorm2d(width);
    this.layer1 = stage(BlockType, width, wide(1), width, blocks[0], 1);
    this.layer2 = stage(BlockType, wide(1), wide(2), 2 * width, blocks[1], 2);
    this.layer3 = stage(BlockType, wide(2), wide(3), 4 * width, blocks[2], 2);
    this.layer4 = stage(BlockType, wide(3), wide(4), 8 * width, blocks[3], 2);
    this.embeddingSize = wide(4);
    this.linear = new nn.Linear(this.embeddingSize, outputs);
    const pool = stemPool(stem);
    const stages = [this.layer1, this.layer2, this.layer3, this.layer4];
    this.#trunk = new nn.Trunk((images) => {
      const maps = images.convolve(this.conv1).norm(this.bn1).relu().through(pool);
      return stages.reduce((value, stage) => value.through(stage), maps);
    });
  }

  embed(input: Tensor): Tensor {
    return this.#trunk.forward(input);
  }

  classify(features: Tensor): Tensor {
    return this.linear.forward(features);
  }

  override forward(input: Tensor): Tensor {
    return scopeUnlessRecording(() => this.classify(this.embed(input)));
  }
}

type StageSizes = readonly [number, number, number, number];

interface ResNetOptions {
  readonly outputs: number;
  readonly channels: number;
  /** Channels of the first stage. */
  readonly width: number;
  readonly stem: Stem;
}

function define(
  name: string,
  description: string,
  BlockType: typeof BasicBlock | typeof Bottleneck,
  blocks: StageSizes,
) {
  return defineNetwork({
    name,
    description,
    options: { width: width(), stem: stemOption() },
    build: ({ outputs, channels, imageSize = 32 }, options) => {
      const stem = chooseStem(name, imageSize, options.stem);
      return new ResNet(BlockType, blocks, { outputs, channels, width: options.width, stem });
    },
  });
}

/** ResNet-18 on images (n, channels, height, width). @see He et al. 2016, arXiv 1512.03385 */
export const resnet18 = define("resnet18", "8 basic blocks", BasicBlock, [2, 2, 2, 2]);
/** ResNet-34 on images (n, channels, height, width). @see He et al. 2016, arXiv 1512.03385 */
export const resnet34 = define("resnet34", "16 basic blocks", BasicBlock, [3, 4, 6, 3]);
/** ResNet-50 on images (n, channels, height, width). @see He et al. 2016, arXiv 1512.03385 */
export const resnet50 = define("resnet50", "16 bottlenecks", Bottleneck, [3, 4, 6, 3]);
