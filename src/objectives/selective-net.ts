// SelectiveNet: a network that learns which share of the samples it answers.
import { ops, type Tensor } from "../torch/index.js";
import { classLogits, crossEntropyLoss, fullPrecision } from "./cross-entropy.js";
import { toIndices } from "./indices.js";
import { requireShare, requireWeight } from "./ranges.js";
import type { LossObjective } from "./types.js";

export interface SelectiveNetOptions {
  readonly classes: number;
  /** c, the share of the samples that is to be answered. */
  readonly targetCoverage?: number | undefined;
  /** l, the weight of falling short of that share. */
  readonly coverageWeight?: number | undefined;
  /** a, the selective loss' share; the auxiliary head has the rest. */
  readonly selectiveShare?: number | undefined;
}

/**
 * SelectiveNet: the risk of what is selected, under a constraint on how much that is. Outputs (batch, classes + 1 + classes):
 * answers f, selection logit g, auxiliary answers h; s_i = sigmoid(g_i), phi = mean_i s_i, H cross entropy with the label.
 *
 * loss = a ( mean_i(s_i H(f_i)) / phi + l max(0, c - phi)^2 ) + (1 - a) mean_i H(h_i)
 *
 * A network trained for one c is meant to be used at that coverage. Confidence is s.
 * @throws RangeError when an option is out of range.
 * @see Geifman and El-Yaniv 2019, equations 2 and 3 (arXiv 1901.09192), whose l = 32, a = 0.5 are the defaults
 */
export function selectiveNet(options: SelectiveNetOptions): LossObjective {
  const { classes, targetCoverage = 0.8, coverageWeight = 32, selectiveShare = 0.5 } = options;
  requireShare("targetCoverage", targetCoverage);
  requireWeight("coverageWeight", coverageWeight);
  requireShare("selectiveShare", selectiveShare);

  /** mean_i(s_i H_i) / mean_i s_i + l max(0, c - mean_i s_i)^2, by logarithms where s is next to nothing. */
  function selectiveLoss(answers: Tensor, selection: Tensor, y: Tensor): Tensor {
    const losses = answers.logSoftmax(1).gather(1, y).neg();
    const risk = selection.logSigmoid().softmax(0).mul(losses).sum();
    const short = selection.sigmoid().mean().rsub(targetCoverage).relu();
    return risk.add(short.square().mul(coverageWeight));
  }

  return {
    name: "selectivenet",
    loss(outputs, { labels }) {
      const y = toIndices(labels, outputs.device).unsqueeze(1);
      const full = fullPrecision(outputs);
      const own = selectiveLoss(classLogits(full, classes), full.narrow(1, classes, 1), y);
      const auxiliary = crossEntropyLoss(full.narrow(1, classes + 1, classes), labels);
      return ops.lerp(auxiliary, own, selectiveShare);
    },
    state: () => new Map(),
    load: () => {},
  };
}
