// Self-adaptive training of a network that can abstain: the paper's selective classifier.

import { fullPrecision } from "../torch/full-precision.js";
import { type DType, noGrad, type Tensor } from "../torch/index.js";
import { classLogits, crossEntropyLoss } from "./cross-entropy.js";
import { type Indices, toIndices } from "./indices.js";
import type { SampleState } from "./sample-state/sample-state.js";
import { sampleTargets } from "./sample-targets.js";
import type { LossObjective } from "./types.js";

export interface SelectiveSelfAdaptiveOptions {
  /** The given label of every training sample, in data set order. */
  readonly labels: Indices;
  readonly classes: number;
  /** m, the fraction of a target kept at each visit. */
  readonly momentum?: number;
  /** The number of epochs of cross entropy on the classes at the start, in which targets are fixed. */
  readonly pretrainEpochs?: number;
  /** Samples whose targets stay at their labels (default: none). */
  readonly pinned?: Indices | undefined;
  /** Where state of samples is kept (default: all in this process). */
  readonly state?: SampleState | undefined;
  readonly dtype?: DType;
  readonly device?: string;
}

/**
 * Self-adaptive selective classification: the probability that the averaged prediction does not assign to the label goes to an
 * additional output, "abstain". Logits z (batch, classes + 1), the last column being abstention.
 *
 * t_i <- m t_i + (1 - m) softmax(z_i's classes);  s = t_i[y_i];
 * loss = mean_i( -s log softmax(z_i)_{y_i} - (1 - s) log softmax(z_i)_abstain )
 *
 * Targets begin at the one-hot labels. In the first `pretrainEpochs` it is cross entropy on the classes' logits. Where
 * p_abstain is large, the network's past predictions disagreed with the label: confidence is 1 - p_abstain.
 * @throws RangeError when the momentum is not from 0 to 1.
 * @see Huang et al. 2020, section 5 (arXiv 2002.10319)
 */
export function selectiveSelfAdaptive(
  options: SelectiveSelfAdaptiveOptions,
): LossObjective & { readonly targets: Tensor } {
  const { labels, classes, momentum = 0.9, pretrainEpochs = 0, dtype = "float32", device = "cpu" } = options;
  const { pinned, state } = options;
  const targets = sampleTargets({ labels, classes, momentum, pinned, state, dtype, device });

  return {
    name: "sat-selective",
    targets: targets.values,
    targetRows: targets.rows,
    loss(logits, { labels, index, epoch }) {
      const classOnly = classLogits(logits, classes);
      if (epoch < pretrainEpochs) return crossEntropyLoss(classOnly, labels);
      const p = noGrad(() => fullPrecision(classOnly).softmax(1));
      const t = targets.update(index, p);
      const y = toIndices(labels, logits.device).unsqueeze(1);
      const logP = fullPrecision(logits).logSoftmax(1);
      const kept = t.gather(1, y).to(logP.dtype);
      const [own, abstain] = [logP.gather(1, y), logP.narrow(1, classes, 1)];
      return kept.mul(own).add(kept.rsub(1).mul(abstain)).mean().neg();
    },
    state: targets.state,
    load: targets.load,
  };
}
