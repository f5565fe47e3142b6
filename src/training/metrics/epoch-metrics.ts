// The metrics of an epoch: from training, and from evaluations.
import type { Evaluation } from "../../evaluation/evaluate.js";
import { methodNamed } from "../../methods/index.js";
import { accuracy } from "../../metrics/index.js";
import { type EpochTotals, memorizedFraction } from "../../runs/epoch-totals.js";
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import type { Prepared } from "../../runs/prepare.js";
import type { Best } from "../../runs/progress.js";
import { scope, type Tensor, tensor } from "../../torch/index.js";
import type { Session } from "../session/session.js";
import { evaluateTest, evaluateTraining } from "./evaluation.js";
import { representationFigures } from "./representation-metrics.js";
import { robustAccuracy } from "./robust-accuracy.js";

/** The line of an epoch in `metrics.jsonl`; with `evaluated`, the network is evaluated on the validation part and the test set. */
export async function epochMetrics(
  prepared: Prepared,
  session: Session,
  epoch: number,
  totals: EpochTotals,
  evaluated: boolean,
): Promise<EpochMetrics> {
  const { recipe, cleanLabels, trainIndices, validationIndices } = prepared;
  if (methodNamed(recipe.objective).family === "self-supervised")
    return selfSupervisedMetrics(prepared, session, epoch, totals, evaluated);
  const hasValidation = evaluated && validationIndices.length > 0;
  const validation = hasValidation ? await evaluateTraining(prepared, session, validationIndices) : null;
  const tested = evaluated ? await evaluateTest(prepared, session) : null;
  const robust = evaluated ? await robustAccuracy(prepared, session) : null;
  return {
    epoch,
    lr: session.optimizer.lr,
    trainLoss: totals.loss / totals.samples,
    trainAccuracy: totals.correct / totals.samples,
    ...(validation && { validationLoss: validation.loss, validationAccuracy: validation.accuracy }),
    ...(tested && { testLoss: tested.loss, testAccuracy: tested.accuracy }),
    ...(robust !== null && { robustAccuracy: robust }),
    ...(cleanLabels && {
      cleanTrainAccuracy: totals.cleanCorrect / totals.samples,
      wrongLabelsMemorized: memorizedFraction(totals),
      recoveredLabels: recoveredLabels(session, cleanLabels, trainIndices),
    }),
    ...(session.objective.targets && { targetDrift: targetDrift(session.objective.targets, prepared) }),
    ...(recipe.trackDynamics && evaluated && (await dynamics(prepared, session, validation))),
    seconds: totals.seconds,
    imagesPerSecond: totals.samples / totals.seconds,
  };
}

async function selfSupervisedMetrics(
  prepared: Prepared,
  session: Session,
  epoch: number,
  { loss, samples, seconds }: EpochTotals,
  evaluated: boolean,
): Promise<EpochMetrics> {
  const figures = evaluated ? await representationFigures(prepared, session) : {};
  const { lr } = session.optimizer;
  return { epoch, lr, trainLoss: loss / samples, ...figures, seconds, imagesPerSecond: samples / seconds };
}

/**
 * The paper's training dynamics: accuracy on the training and the validation part against the given labels (that of the
 * latter is `validationAccuracy`) and against the clean ones, where they are known; all in evaluation mode.
 */
async function dynamics(
  { train, cleanLabels, trainIndices }: Prepared,
  session: Session,
  validation: Evaluation | null,
) {
  const own = await evaluateTraining({ train }, session, trainIndices);
  if (cleanLabels === null) return { noisyTrainAccuracy: own.accuracy };
  const clean = ({ logits, indices }: Evaluation) =>
    accuracy(
      logits,
      indices.map((sample) => cleanLabels[sample] as number),
    );
  return {
    noisyTrainAccuracy: own.accuracy,
    cleanTrainAccuracy: clean(own),
    ...(validation && { cleanValidationAccuracy: clean(validation) }),
  };
}

/** The fraction of training samples whose target's largest entry is the clean label; null for an objective without targets. */
export function recoveredLabels(
  { objective: { targets } }: Pick<Session, "objective">,
  clean: Int32Array,
  indices: Int32Array,
): number | null {
  if (targets === undefined) return null;
  const predicted = scope(() => targets.argmax({ dim: 1 }).to("int32").data()) as Int32Array;
  return indices.reduce((count, sample) => count + (predicted[sample] === clean[sample] ? 1 : 0), 0) / indices.length;
}

type TrainingPart = Pick<Prepared, "train" | "trainIndices">;

/** How far targets (n, classes) have moved from the given labels: mean_i(1 - t_i[y_i]) over the training part. */
export function targetDrift(targets: Tensor, part: TrainingPart): number {
  return scope(() => 1 - atGivenLabels(targets, part).mean().item());
}

/** t_i[y_i] of the training part; null for an objective without targets. */
export function targetsOfGivenLabels({ objective: { targets } }: Session, part: TrainingPart): Float32Array | null {
  if (targets === undefined) return null;
  return scope(() => atGivenLabels(targets, part).to("float32").data()) as Float32Array;
}

/** (n, 1) */
function atGivenLabels(targets: Tensor, { train, trainIndices }: TrainingPart): Tensor {
  const rows = targets.detach().indexSelect(0, tensor(trainIndices).to(targets.device));
  const labels = tensor(
    trainIndices.map((sample) => train.labels[sample] as number),
    { dtype: "int64" },
  );
  return rows.gather(1, labels.to(targets.device).unsqueeze(1));
}

/** The better of the best epoch so far and this one by validation accuracy; of equals the earlier. */
export function betterOf(best: Best | null, { epoch, validationAccuracy, testAccuracy }: EpochMetrics): Best | null {
  if (validationAccuracy === undefined || validationAccuracy === null) return best;
  if (best !== null && validationAccuracy <= best.validationAccuracy) return best;
  return { epoch, validationAccuracy, testAccuracy: testAccuracy ?? null };
}
