// VGG-16 with batch norm after the activations and channel dropout, as selective classification uses it.
import { nn, type Tensor } from "../../torch/index.js";
import { scopeUnlessRecording } from "../../torch/recorder.js";
import { defineNetwork, width } from "../define-network.js";
import { type Network, requireImageSize } from "../network.js";

/** Convolutions of each stage, by their channels as multiples of the width; every stage ends in 2 x 2 pooling. */
const STAGES: readonly (readonly number[])[] = [
  [1, 1],
  [2, 2],
  [4, 4, 4],
  [8, 8, 8],
  [8, 8, 8],
];
const REDUCTION = 2 ** STAGES.length;
/** Above this many cells a side, the classifier reads their mean instead of all of them. */
const LARGEST_FLATTENED = 2;
const FIRST_DROPOUT = 0.3;
const INNER_DROPOUT = 0.4;
const LAST_DROPOUT = 0.5;

/** Convolution, ReLU, batch norm. */
function convReluNorm(inputs: number, outputs: number): nn.Module[] {
  const options = { padding: 1, init: nn.heNormal, biasInit: nn.zeros };
  return [new nn.Conv2d(inputs, outputs, 3, options), new nn.ReLU(), new nn.BatchNorm2d(outputs)];
}

/** All layers before the classifier: dropout after every convolution but a stage's last, which is pooled. */
function features(channels: number, width: number): nn.Sequential {
  const dropouts = [FIRST_DROPOUT];
  let inputs = channels;
  const layers = STAGES.flatMap((multiples) => {
    const stage = multiples.flatMap((multiple, i) => {
      const convolution = convReluNorm(inputs, multiple * width);
      inputs = multiple * width;
      const last = i === multiples.length - 1;
      return last ? convolution : [...convolution, new nn.Dropout2d(dropouts.pop() ?? INNER_DROPOUT)];
    });
    return [...stage, new nn.MaxPool2d(2)];
  });
  return new nn.Sequential(...layers, new nn.Dropout2d(LAST_DROPOUT));
}

function linear(inputs: number, outputs: number): nn.Linear {
  return new nn.Linear(inputs, outputs, { init: nn.normal(0.01), biasInit: nn.zeros });
}

class Vgg extends nn.Module implements Network {
  readonly head = "classifier.4";
  readonly embeddingSize: number;
  readonly features: nn.Sequential;
  readonly classifier: nn.Sequential;
  readonly #trunk: nn.Trunk;
  readonly #hidden: readonly nn.Module[];
  readonly #last: nn.Linear;

  constructor(channels: number, width: number, cells: number, outputs: number) {
    super();
    const flattened = cells <= LARGEST_FLATTENED;
    const inputs = 8 * width * (flattened ? cells * cells : 1);
    this.embeddingSize = 8 * width;
    this.features = features(channels, width);
    this.#trunk = new nn.Trunk((images) => images.through(this.features), flattened ? "maps" : "mean");
    const hidden = linear(inputs, 8 * width);
    const layers = [hidden, new nn.ReLU(), new nn.BatchNorm1d(8 * width), new nn.Dropout(LAST_DROPOUT)];
    this.#last = linear(8 * width, outputs);
    this.classifier = new nn.Sequential(...layers, this.#last);
    this.#hidden = flattened ? [new nn.Flatten(), ...layers] : layers;
  }

  embed(input: Tensor): Tensor {
    return scopeUnlessRecording(() =>
      this.#hidden.reduce((value, layer) => layer.forward(value), this.#trunk.forward(input)),
    );
  }

  classify(features: Tensor): Tensor {
    return this.#last.forward(features);
  }

  override forward(input: Tensor): Tensor {
    return scopeUnlessRecording(() => this.classify(this.embed(input)));
  }
}

const name = "vgg16-bn";

/**
 * VGG-16 on images (n, channels, height, width) of the given size. Its classifier reads all cells of the last feature maps up
 * to 2 x 2 (images under 96 pixels), as the authors' does, and their mean beyond.
 * @see Simonyan and Zisserman 2015, arXiv 1409.1556; Geifman and El-Yaniv 2019, arXiv 1901.09192, for order and dropout
 */
export const vgg16bn = defineNetwork({
  name,
  description: "VGG-16 with batch norm and dropout, as selective classification uses it",
  options: { width: width() },
  build: ({ outputs, channels, imageSize = 32 }, options) => {
    requireImageSize(name, imageSize, REDUCTION);
    return new Vgg(channels, options.width, Math.floor(imageSize / REDUCTION), outputs);
  },
});
