// Wide residual networks: three groups of pre-activation blocks.
import { z } from "zod";
import { nn, type Tensor } from "../../torch/index.js";
import { scopeUnlessRecording } from "../../torch/recorder.js";
import { defineNetwork } from "../define-network.js";
import { type Network, requireImageSize } from "../network.js";
import { convolution } from "./blocks.js";
import { PreActivation } from "./pre-activation.js";

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

const publishedWidth = 64;
const publishedBase = 16;
/** How much smaller the last group's feature maps are than the images. */
const reduction = 4;

/** The first convolution has a quarter as many channels. */
const width = () =>
  z
    .int()
    .positive()
    .multipleOf(publishedWidth / publishedBase)
    .default(publishedWidth)
    .meta({ expected: `a multiple of ${publishedWidth / publishedBase}` })
    .describe("base width; 64 is the published network");

function define(depth: number, widening: number) {
  const name = `wrn-${depth}-${widening}`;
  return defineNetwork({
    name,
    description: `wide residual network of depth ${depth}, ${widening === 1 ? "not widened" : `${widening} times as wide`}`,
    options: { width: width() },
    build: ({ outputs, channels, imageSize = 32 }, options) => {
      requireImageSize(name, imageSize, reduction);
      const base = (options.width * publishedBase) / publishedWidth;
      return new WideResNet((depth - 4) / 6, base, widening, channels, outputs);
    },
  });
}

/** WRN-16-1, on images (n, channels, height, width). @see Zagoruyko and Komodakis 2016, arXiv 1605.07146 */
export const wrn16x1 = define(16, 1);
/** WRN-28-10, on images (n, channels, height, width). @see Zagoruyko and Komodakis 2016, arXiv 1605.07146 */
export const wrn28x10 = define(28, 10);
/** WRN-34-10, on images (n, channels, height, width). @see Zagoruyko and Komodakis 2016, arXiv 1605.07146 */
export const wrn34x10 = define(34, 10);
