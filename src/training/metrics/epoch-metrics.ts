// The metrics of an epoch: from training, and from evaluations.
import type { Evaluation } from "../../evaluation/evaluate.js";
import { methodNamed } from "../../methods/index.js";
import { accuracy } from "../../metrics/index.js";
import { type EpochTotals, memorizedFraction } from "../../runs/epoch-totals.js";
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import type { Prepared } from "../../runs/prepare.js";
import type { Best } from "../../runs/progress.js";
import type { Session } from "../session/session.js";
import { evaluateTest, evaluateTraining } from "./evaluation.js";
import { representationFigures } from "./representation-metrics.js";
import { robustAccuracy } from "./robust-accuracy.js";
import { recoveredLabels, targetDrift } from "./target-figures.js";

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
  const drift = targetDrift(session.objective, prepared);
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
      recoveredLabels: recoveredLabels(session.objective, cleanLabels, trainIndices),
    }),
    ...(drift !== null && { targetDrift: drift }),
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

/** The better of the best epoch so far and this one by validation accuracy; of equals the earlier. */
export function betterOf(best: Best | null, { epoch, validationAccuracy, testAccuracy }: EpochMetrics): Best | null {
  if (validationAccuracy === undefined || validationAccuracy === null) return best;
  if (best !== null && validationAccuracy <= best.validationAccuracy) return best;
  return { epoch, validationAccuracy, testAccuracy: testAccuracy ?? null };
}
