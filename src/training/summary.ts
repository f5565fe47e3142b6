// The final figures of a run.

import { type Evaluation, evaluateModel } from "../evaluation/evaluate.js";
import { dropoutConfidence } from "../evaluation/mc-dropout.js";
import { confidences, figuresByScore } from "../evaluation/selective-figures.js";
import { methodNamed } from "../methods/index.js";
import { predictions } from "../metrics/index.js";
import { countPredictions, emptyTotals, memorizedFraction } from "../runs/epoch-totals.js";
import type { Prepared } from "../runs/prepare.js";
import type { Progress } from "../runs/progress.js";
import type { RunSummary } from "../runs/run-summary.js";
import { evaluateTest, recoveredLabels } from "./epoch-metrics.js";
import { methodStart } from "./hooks/start-detection.js";
import { finalRepresentationFigures } from "./representation-metrics.js";
import { robustAccuracy } from "./robust-accuracy.js";
import { evaluatedModel, type Session, trainedParameters } from "./session.js";

/** The network's final answers on the training part, without augmentation, against the labels given and the clean ones. */
async function finalTrainFigures(prepared: Prepared, session: Session) {
  const { train, cleanLabels, trainIndices, classes } = prepared;
  const { logits, indices } = await evaluateModel({
    ...session,
    model: evaluatedModel(session),
    indices: trainIndices,
    labels: train.labels,
  });
  const totals = emptyTotals();
  const answers = predictions(logits, indices.length, classes.length);
  countPredictions(totals, answers, indices, train.labels, cleanLabels);
  const noisyTrainAccuracy = totals.correct / totals.samples;
  if (cleanLabels === null) return { noisyTrainAccuracy };
  return {
    noisyTrainAccuracy,
    labelNoise: totals.wrong / totals.samples,
    cleanTrainAccuracy: totals.cleanCorrect / totals.samples,
    wrongLabelsMemorized: memorizedFraction(totals),
    recoveredLabels: recoveredLabels(session, cleanLabels, trainIndices),
  };
}

/** By each score that the network's outputs give, and by MC dropout where the recipe asks for it. */
async function scoresOf(
  { recipe }: Prepared,
  session: Session,
  tested: Evaluation | null,
): Promise<RunSummary["scores"]> {
  const loader = session.testLoader;
  if (tested === null || loader === null) return null;
  const found = confidences(recipe.objective, tested);
  const { mcPasses: passes, seed } = recipe;
  if (passes > 0) {
    const asked = { ...session, model: evaluatedModel(session), loader, indices: tested.indices, passes, seed };
    found.set("mc-dropout", await dropoutConfidence(tested, asked));
  }
  return figuresByScore(tested, found);
}

function startOf({ recipe }: Prepared, { start }: Session, { epoch }: Progress): number | null {
  return methodStart(recipe) !== null && start.epoch < epoch ? start.epoch : null;
}

/** What `summary.json` holds of a run that has come to its end. */
export async function summarizeRun(prepared: Prepared, session: Session, progress: Progress): Promise<RunSummary> {
  const { recipe, classes, trainIndices } = prepared;
  const unlabelled = methodNamed(recipe.objective).family === "self-supervised";
  const tested = unlabelled ? null : await evaluateTest(prepared, session);
  return {
    objective: recipe.objective,
    model: recipe.model,
    parameters: trainedParameters(session.model).reduce((sum, parameter) => sum + parameter.size, 0),
    epochs: progress.epoch,
    startEpoch: startOf(prepared, session, progress),
    trainSize: trainIndices.length,
    ...(session.objective.views && { views: session.objective.views }),
    classes: classes.length,
    testAccuracy: tested?.accuracy ?? null,
    testAccuracyAtBest: progress.best?.testAccuracy ?? null,
    testLoss: tested?.loss ?? null,
    ...(methodNamed(recipe.objective).family === "adversarial" && {
      robustAccuracy: await robustAccuracy(prepared, session),
    }),
    scores: await scoresOf(prepared, session, tested),
    ...(await (unlabelled ? finalRepresentationFigures : finalTrainFigures)(prepared, session)),
    seconds: progress.seconds,
    imagesPerSecond: progress.samples / progress.seconds,
    precision: recipe.precision,
    kernels: session.kernels,
    device: session.device,
    seed: recipe.seed,
  };
}
