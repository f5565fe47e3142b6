// A backbone with the heads of self-supervised learning.
import { nn, ops, type Tensor } from "../torch/index.js";
import { scopeUnlessRecording } from "../torch/recorder.js";
import { layersWithin } from "./layers.js";
import type { Network } from "./network.js";

export interface HeadOptions {
  /** d, the size of a projection (default: 256). */
  readonly dimension?: number;
  /** Hidden units of projector and predictor (default: 2048). */
  readonly hidden?: number;
  /** Whether a predictor follows the projector (default: true); the outputs are then both, (n, 2 d). */
  readonly predictor?: boolean;
  /** Whether the projector ends in batch norm without scale and shift, as in SimSiam (default: false). */
  readonly normed?: boolean;
}

/** Linear, batch norm, ReLU, linear. */
function perceptron(inputs: number, hidden: number, outputs: number): nn.Module[] {
  return [new nn.Linear(inputs, hidden), new nn.BatchNorm1d(hidden), new nn.ReLU(), new nn.Linear(hidden, outputs)];
}

class SelfSupervisedNetwork extends nn.Module implements Network {
  readonly head: string;
  readonly embeddingSize: number;
  readonly layerPattern: RegExp;
  readonly fingerprint: string | undefined;
  readonly network: Network;
  readonly projector: nn.Sequential;
  readonly predictor: nn.Sequential | null;

  constructor(network: Network, { dimension = 256, hidden = 2048, predictor = true, normed = false }: HeadOptions) {
    super();
    this.head = `network.${network.head}`;
    this.embeddingSize = network.embeddingSize;
    this.layerPattern = layersWithin("network", network);
    this.fingerprint = network.fingerprint;
    this.network = network;
    const last = normed ? [new nn.BatchNorm1d(dimension)] : [];
    this.projector = new nn.Sequential(...perceptron(network.embeddingSize, hidden, dimension), ...last);
    this.predictor = predictor ? new nn.Sequential(...perceptron(dimension, hidden, dimension)) : null;
    const frozen = new Set(
      [this.head, ...(normed ? ["projector.4"] : [])].flatMap((name) => [`${name}.weight`, `${name}.bias`]),
    );
    for (const [name, value] of this.namedParameters()) if (frozen.has(name)) value.requiresGrad = false;
  }

  embed(input: Tensor): Tensor {
    return this.network.embed(input);
  }

  classify(features: Tensor): Tensor {
    return scopeUnlessRecording(() => {
      const projection = this.projector.forward(features);
      if (this.predictor === null) return projection;
      return ops.cat([this.predictor.forward(projection), projection], { dim: 1 });
    });
  }

  override forward(input: Tensor): Tensor {
    return scopeUnlessRecording(() => this.classify(this.embed(input)));
  }
}

/**
 * A projector and optionally a predictor on a classifier's features: (n, d) projections, or (n, 2 d) with the predictor's
 * outputs first. The classifier's last layer is unused and frozen.
 * @see Grill et al. 2020, section 3.2 (arXiv 2006.07733)
 */
export function selfSupervisedNetwork(network: Network, options: HeadOptions = {}): Network {
  return new SelfSupervisedNetwork(network, options);
}
