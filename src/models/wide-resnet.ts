// Wide residual networks: three groups of pre-activation blocks.
import { nn, type Tensor } from "../torch/index.js";
import { scopeUnlessRecording } from "../torch/recorder.js";
import { convolution } from "./blocks.js";
import { type Network, type NetworkOptions, requireCount, requireImageSize } from "./network.js";

/** conv2(relu(bn2(conv1(a)))) + shortcut, a = relu(bn1(x)); the shortcut is x, or convShortcut(a) where channels change. */
class PreActivation extends nn.Block {
  readonly bn1: nn.BatchNorm2d;
  readonly conv1: nn.Conv2d;
  readonly bn2: nn.BatchNorm2d;
  readonly conv2: nn.Conv2d;
  readonly convShortcut: nn.Conv2d | null;

  constructor(inputs: number, outputs: number, stride: number) {
    super();
    this.bn1 = new nn.BatchNorm2d(inputs);
    this.conv1 = convolution(inputs, outputs, 3, stride);
    this.bn2 = new nn.BatchNorm2d(outputs);
    this.conv2 = convolution(outputs, outputs, 3);
    this.convShortcut = inputs === outputs ? null : convolution(inputs, outputs, 1, stride);
  }

  override trace(x: nn.Maps): nn.Maps {
    const active = x.norm(this.bn1).relu();
    const shortcut = this.convShortcut === null ? x : active.convolve(this.convShortcut);
    return active.convolve(this.conv1).norm(this.bn2).relu().convolve(this.conv2).add(shortcut);
  }
}

/** Blocks of one width, the first of which has the stride. */
class Group extends nn.Block {
  readonly layer: nn.Sequential;

  constructor(inputs: number, outputs: number, blocks: number, stride: number) {
    super();
    const others = Array.from({ length: blocks - 1 }, () => new PreActivation(outputs, outputs, 1));
    this.layer = new nn.Sequential(new PreActivation(inputs, outputs, stride), ...others);
  }

  override trace(x: nn.Maps): nn.Maps {
    return x.through(this.layer);
  }
}

class WideResNet extends nn.Module implements Network {
  readonly head = "fc";
  readonly embeddingSize: number;
  readonly conv1: nn.Conv2d;
  readonly block1: Group;
  readonly block2: Group;
  readonly block3: Group;
  readonly bn1: nn.BatchNorm2d;
  readonly fc: nn.Linear;
  readonly #trunk: nn.Trunk;

  constructor(blocks: number, base: number, widening: number, channels: number, outputs: number) {
    super();
    const wide = base * widening;
    this.embeddingSize = 4 * wide;
    this.conv1 = convolution(channels, base, 3);
    this.block1 = new Group(base, wide, blocks, 1);
    this.block2 = new Group(wide, 2 * wide, blocks, 2);
    this.block3 = new Group(2 * wide, 4 * wide, blocks, 2);
    this.bn1 = new nn.BatchNorm2d(4 * wide);
    this.fc = new nn.Linear(4 * wide, outputs, { biasInit: nn.zeros });
    this.#trunk = new nn.Trunk((images) => {
      const first = images.convolve(this.conv1);
      return first.through(this.block1).through(this.block2).through(this.block3).norm(this.bn1).relu();
    });
  }

  embed(input: Tensor): Tensor {
    return this.#trunk.forward(input);
  }

  classify(features: Tensor): Tensor {
    return this.fc.forward(features);
  }

  override forward(input: Tensor): Tensor {
    return scopeUnlessRecording(() => this.classify(this.embed(input)));
  }
}

const PUBLISHED_WIDTH = 64;
const PUBLISHED_BASE = 16;
/** How much smaller the last group's maps are than the images. */
const REDUCTION = 4;

function create(name: string, depth: number, widening: number) {
  return ({ outputs, width = PUBLISHED_WIDTH, channels = 3, imageSize = 32 }: NetworkOptions): Network => {
    const base = (width * PUBLISHED_BASE) / PUBLISHED_WIDTH;
    requireCount(`${name}'s width times ${PUBLISHED_BASE / PUBLISHED_WIDTH} (64 is the published network)`, base);
    requireImageSize(name, imageSize, REDUCTION);
    return new WideResNet((depth - 4) / 6, base, widening, channels, outputs);
  };
}

/** WRN-16-1, on images (n, channels, height, width). @see Zagoruyko and Komodakis 2016, arXiv 1605.07146 */
export const wrn16x1 = create("wrn-16-1", 16, 1);
/** WRN-28-10, on images (n, channels, height, width). @see Zagoruyko and Komodakis 2016, arXiv 1605.07146 */
export const wrn28x10 = create("wrn-28-10", 28, 10);
/** WRN-34-10, on images (n, channels, height, width). @see Zagoruyko and Komodakis 2016, arXiv 1605.07146 */
export const wrn34x10 = create("wrn-34-10", 34, 10);
