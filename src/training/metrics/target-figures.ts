// Figures of the targets of all samples, whichever rank keeps them. All ranks compute them together.
import type { Objective } from "../../objectives/index.js";
import type { Prepared } from "../../runs/prepare.js";
import { type distributed, ops, scope, type Tensor, tensor } from "../../torch/index.js";

type TrainingPart = Pick<Prepared, "train" | "trainIndices">;
type Targets = Pick<Objective, "targets" | "targetRows">;

/** A column (samples, 1) of all samples, from what `make` makes of the targets of a block. */
function column(
  { targets, targetRows }: Targets,
  samples: number,
  make: (targets: Tensor, block: distributed.Block) => Tensor,
): Tensor | null {
  if (targetRows !== undefined) return targetRows.gather((kept) => make(kept, targetRows.block));
  return targets === undefined ? null : make(targets, { first: 0, count: samples });
}

/** The fraction of training samples whose target's largest entry is the clean label; null for an objective without targets. */
export function recoveredLabels(objective: Targets, clean: Int32Array, indices: Int32Array): number | null {
  const predicted = scope(() =>
    column(objective, clean.length, (targets) => targets.argmax({ dim: 1, keepdim: true }).to("int32"))?.data(),
  );
  if (predicted === undefined) return null;
  return indices.reduce((count, sample) => count + (predicted[sample] === clean[sample] ? 1 : 0), 0) / indices.length;
}

/** How far targets (n, classes) have moved from the given labels: mean_i(1 - t_i[y_i] / sum_j t_ij) over the training part; null without targets. */
export function targetDrift(objective: Targets, part: TrainingPart): number | null {
  return scope(() => {
    const given = atGivenLabels(objective, part);
    return given === null ? null : 1 - given.mean().item();
  });
}

/** t_i[y_i] / sum_j t_ij of the training part, 1 for averages from zero that have none yet; null for an objective without targets. */
export function targetsOfGivenLabels(objective: Targets, part: TrainingPart): Float32Array | null {
  return scope(() => (atGivenLabels(objective, part)?.to("float32").data() ?? null) as Float32Array | null);
}

/** (n, 1) */
function atGivenLabels(objective: Targets, { train, trainIndices }: TrainingPart): Tensor | null {
  // Samples without a label are not trained on.
  const labels = tensor(
    train.labels.map((label) => Math.max(label, 0)),
    { dtype: "int64" },
  );
  const ofAll = column(objective, train.labels.length, (targets, { first, count }) => {
    const t = targets.detach();
    const total = t.sum([1], { keepdim: true });
    const given = t.gather(1, labels.narrow(0, first, count).to(t.device).unsqueeze(1));
    return ops.where(total.gt(0), given.div(total), ops.onesLike(given));
  });
  return ofAll?.indexSelect(0, tensor(trainIndices, { dtype: "int64" }).to(ofAll.device)) ?? null;
}
