// Pre-activation ResNet-18: batch norm and ReLU before each convolution, and an identity from unit to unit.
import { nn, type Tensor } from "../../torch/index.js";
import { scopeUnlessRecording } from "../../torch/recorder.js";
import { defineNetwork, width } from "../define-network.js";
import type { Network } from "../network.js";
import { PreActivation } from "./pre-activation.js";
import { chooseStem, firstConvolution, type Stem, stemOption, stemPool } from "./stem.js";

/** A stage of two units, the first of which has the stride. */
const stage = (inputs: number, outputs: number, { activated = false } = {}) =>
  new nn.Sequential(
    new PreActivation(inputs, outputs, inputs === outputs ? 1 : 2, { activated }),
    new PreActivation(outputs, outputs, 1),
  );

class PreActResNet extends nn.Module implements Network {
  readonly head = "linear";
  readonly embeddingSize: number;
  readonly conv1: nn.Conv2d;
  readonly bn1: nn.BatchNorm2d;
  readonly layer1: nn.Sequential;
  readonly layer2: nn.Sequential;
  readonly layer3: nn.Sequential;
  readonly layer4: nn.Sequential;
  readonly bn2: nn.BatchNorm2d;
  readonly linear: nn.Linear;
  readonly #trunk: nn.Trunk;

  constructor(channels: number, width: number, outputs: number, stem: Stem) {
    super();
    this.embeddingSize = 8 * width;
    this.conv1 = firstConvolution(stem, channels, width);
    this.bn1 = new nn.BatchNorm2d(width);
    this.layer1 = stage(width, width, { activated: true });
    this.layer2 = stage(width, 2 * width);
    this.layer3 = stage(2 * width, 4 * width);
    this.layer4 = stage(4 * width, 8 * width);
    this.bn2 = new nn.BatchNorm2d(8 * width);
    this.linear = new nn.Linear(8 * width, outputs);
    const pool = stemPool(stem);
    const stages = [this.layer1, this.layer2, this.layer3, this.layer4];
    this.#trunk = new nn.Trunk((images) => {
      const maps = images.convolve(this.conv1).norm(this.bn1).relu().through(pool);
      return stages
        .reduce((value, stage) => value.through(stage), maps)
        .norm(this.bn2)
        .relu();
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

const name = "preact-resnet18";

/**
 * Pre-activation ResNet-18 on images (n, channels, height, width), as experiments on label noise use it. As the paper's
 * appendix has it, the first unit takes the activated output of the first convolution (bn1), and an activation (bn2) follows
 * the last unit; 11,172,170 parameters for 10 classes and 3 channels.
 * @see He et al. 2016, "Identity mappings in deep residual networks" (arXiv 1603.05027)
 */
export const preActResNet18 = defineNetwork({
  name,
  description: "ResNet-18 with batch norm and ReLU before each convolution",
  options: { width: width(), stem: stemOption() },
  build: ({ outputs, channels, imageSize = 32 }, options) =>
    new PreActResNet(channels, options.width, outputs, chooseStem(name, imageSize, options.stem)),
});
