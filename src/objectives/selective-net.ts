// SelectiveNet: a network that learns which samples to classify.

import { requireFraction, requireNonNegative } from "../options/ranges.js";
import { fullPrecision } from "../torch/full-precision.js";
import { ops, type Tensor } from "../torch/index.js";
import { classLogits, crossEntropyLoss } from "./cross-entropy.js";
import { toIndices } from "./indices.js";
import type { LossObjective } from "./types.js";

export interface SelectiveNetOptions {
  readonly classes: number;
  /** c, the fraction of the samples to classify. */
  readonly targetCoverage?: number | undefined;
  /** l, the weight of the penalty for less coverage. */
  readonly coverageWeight?: number | undefined;
  /** a, the weight of the selective loss; the auxiliary head's is 1 - a. */
  readonly selectiveWeight?: number | undefined;
}

/**
 * SelectiveNet: the risk on the selected samples, with a penalty for selecting too few. Outputs (batch, classes + 1 + classes):
 * logits f, selection logit g, auxiliary logits h; s_i = sigmoid(g_i), phi = mean_i s_i, H cross entropy with the label.
 *
 * loss = a ( mean_i(s_i H(f_i)) / phi + l max(0, c - phi)^2 ) + (1 - a) mean_i H(h_i)
 *
 * A network trained for one c is meant for that coverage. Confidence is s.
 * @throws RangeError when an option is out of range.
 * @see Geifman and El-Yaniv 2019, equations 2 and 3 (arXiv 1901.09192), whose l = 32, a = 0.5 are the defaults
 */
export function selectiveNet(options: SelectiveNetOptions): LossObjective {
  const { classes, targetCoverage = 0.8, coverageWeight = 32, selectiveWeight = 0.5 } = options;
  requireFraction("targetCoverage", targetCoverage);
  requireNonNegative("coverageWeight", coverageWeight);
  requireFraction("selectiveWeight", selectiveWeight);

  /** mean_i(s_i H_i) / mean_i s_i + l max(0, c - mean_i s_i)^2, in logarithms, for s close to 0. */
  function selectiveLoss(logits: Tensor, selection: Tensor, y: Tensor): Tensor {
    const losses = logits.logSoftmax(1).gather(1, y).neg();
    const risk = selection.logSigmoid().softmax(0).mul(losses).sum();
    const short = selection.sigmoid().mean().rsub(targetCoverage).relu();
    return risk.add(short.square().mul(coverageWeight));
  }

  return {
    name: "selectivenet",
    relatesSamples: true,
    loss(outputs, { labels }) {
      const y = toIndices(labels, outputs.device).unsqueeze(1);
      const full = fullPrecision(outputs);
      const selective = selectiveLoss(classLogits(full, classes), full.narrow(1, classes, 1), y);
      const auxiliary = crossEntropyLoss(full.narrow(1, classes + 1, classes), labels);
      return ops.lerp(auxiliary, selective, selectiveWeight);
    },
    state: () => new Map(),
    load: () => {},
  };
}
