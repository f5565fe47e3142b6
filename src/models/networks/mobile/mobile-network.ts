// What MobileNetV3 and EfficientNet have in common: convolutional features, their mean, and a classifier of a few layers.
import { nn, ops, type Tensor } from "../../../torch/index.js";
import { scopeUnlessRecording } from "../../../torch/recorder.js";
import type { ForeignWeights, Network } from "../../network.js";

export class MobileNetwork extends nn.Module implements Network {
  readonly head: string;
  readonly embeddingSize: number;
  readonly foreign: ForeignWeights;
  readonly features: nn.Sequential;
  readonly classifier: nn.Sequential;
  readonly #last: nn.Linear;
  readonly #before: readonly nn.Module[];

  /** @param before the layers of the classifier before its last one; they are part of the embedding */
  constructor(
    features: nn.Sequential,
    before: readonly nn.Module[],
    last: { readonly layer: nn.Linear; readonly inputs: number },
    foreign: (network: nn.Module) => ForeignWeights,
  ) {
    super();
    this.head = `classifier.${before.length}`;
    this.embeddingSize = last.inputs;
    this.foreign = foreign(this);
    this.features = features;
    this.classifier = new nn.Sequential(...before, last.layer);
    this.#last = last.layer;
    this.#before = before;
  }

  embed(input: Tensor): Tensor {
    return scopeUnlessRecording(() => {
      const pooled = ops.adaptiveAvgPool2d(this.features.forward(input), [1, 1]).flatten({ startDim: 1 });
      return this.#before.reduce((value, layer) => layer.forward(value), pooled);
    });
  }

  classify(features: Tensor): Tensor {
    return this.#last.forward(features);
  }

  override forward(input: Tensor): Tensor {
    return scopeUnlessRecording(() => this.classify(this.embed(input)));
  }
}
