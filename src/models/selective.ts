// SelectiveNet: prediction, selection and auxiliary heads on one trunk.
import { nn, ops, type Tensor } from "../torch/index.js";
import { scopeUnlessRecording } from "../torch/recorder.js";
import { layersWithin } from "./layers.js";
import type { Network } from "./network.js";

/** Predictions f of the network; selection g, the logit of not abstaining; auxiliary predictions h, for training alone. */
class SelectiveNetwork extends nn.Module implements Network {
  readonly head: string;
  readonly embeddingSize: number;
  readonly layerPattern: RegExp;
  readonly fingerprint: string | undefined;
  readonly network: Network;
  readonly selection: nn.Sequential;
  readonly auxiliary: nn.Linear;

  constructor(network: Network, classes: number) {
    super();
    const size = network.embeddingSize;
    this.head = `network.${network.head}`;
    this.embeddingSize = size;
    this.layerPattern = layersWithin("network", network);
    this.fingerprint = network.fingerprint;
    this.network = network;
    this.selection = new nn.Sequential(
      new nn.Linear(size, size),
      new nn.ReLU(),
      new nn.BatchNorm1d(size),
      new nn.Linear(size, 1),
    );
    this.auxiliary = new nn.Linear(size, classes);
  }

  embed(input: Tensor): Tensor {
    return this.network.embed(input);
  }

  classify(features: Tensor): Tensor {
    return scopeUnlessRecording(() => {
      const heads = [
        this.network.classify(features),
        this.selection.forward(features),
        this.auxiliary.forward(features),
      ];
      return ops.cat(heads, { dim: 1 });
    });
  }

  override forward(input: Tensor): Tensor {
    return scopeUnlessRecording(() => this.classify(this.embed(input)));
  }
}

/**
 * Adds SelectiveNet's other two heads to a classifier of `classes` outputs: (n, classes + 1 + classes), the predictions f,
 * the selection logit g and the auxiliary predictions h. The selection head is linear - ReLU - BN - linear on the same features.
 * @see Geifman and El-Yaniv 2019 (arXiv 1901.09192), figure 1
 */
export function selectiveNetwork(network: Network, classes: number): Network {
  return new SelectiveNetwork(network, classes);
}
