// The final figures of a run.
import type { Evaluation } from "../../evaluation/evaluate.js";
import { dropoutConfidence } from "../../evaluation/mc-dropout.js";
import { confidences, figuresByScore } from "../../evaluation/selective-figures.js";
import { methodNamed } from "../../methods/index.js";
import { countPredictions, emptyTotals, memorizedFraction } from "../../runs/epoch-totals.js";
import type { RunSummary } from "../../runs/files/run-summary.js";
import type { Prepared } from "../../runs/prepare.js";
import type { Progress } from "../../runs/progress.js";
import { trainedParameters } from "../session/optimizer.js";
import type { Session } from "../session/session.js";
import { methodStart } from "../start/given-start.js";
import { evaluatedModel, evaluateTest, predictTraining } from "./evaluation.js";
import { finalRepresentationFigures } from "./representation-metrics.js";
import { robustAccuracy } from "./robust-accuracy.js";
import { recoveredLabels } from "./target-figures.js";

/** Accuracy on the training part at the end, without augmentation, against the given and the true labels. */
async function finalTrainFigures(prepared: Prepared, session: Session) {
  const { train, cleanLabels, trainIndices } = prepared;
  const { predicted, indices } = await predictTraining(prepared, session, trainIndices);
  const totals = emptyTotals();
  countPredictions(totals, predicted, indices, train.labels, cleanLabels);
  const noisyTrainAccuracy = totals.correct / totals.samples;
  if (cleanLabels === null) return { noisyTrainAccuracy };
  return {
    noisyTrainAccuracy,
    labelNoise: totals.wrong / totals.samples,
    cleanTrainAccuracy: totals.cleanCorrect / totals.samples,
    wrongLabelsMemorized: memorizedFraction(totals),
    recoveredLabels: recoveredLabels(session.objective, cleanLabels, trainIndices),
  };
}

/** Selective figures by each confidence score of the network's outputs, and by MC dropout where the recipe sets it. */
async function scoresOf(
  { recipe }: Prepared,
  session: Session,
  tested: Evaluation | null,
): Promise<RunSummary["scores"]> {
  const { testLoader: loader, compute, device, classes } = session;
  if (tested === null || loader === null) return null;
  const scores = confidences(recipe.objective, tested);
  const { mcPasses: passes, seed } = recipe;
  if (passes > 0) {
    const model = evaluatedModel(session);
    const options = { model, loader, indices: tested.indices, classes, compute, device, passes, seed };
    scores.set("mc-dropout", await dropoutConfidence(tested, options));
  }
  return figuresByScore(tested, scores);
}

function startOf({ recipe }: Prepared, { start }: Session, { epoch }: Progress): number | null {
  return methodStart(recipe) !== null && start.epoch < epoch ? start.epoch : null;
}

/** The contents of `summary.json`. */
export async function summarizeRun(prepared: Prepared, session: Session, progress: Progress): Promise<RunSummary> {
  const { recipe, classes, trainIndices } = prepared;
  const selfSupervised = methodNamed(recipe.objective).family === "self-supervised";
  const tested = selfSupervised ? null : await evaluateTest(prepared, session);
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
    ...(await (selfSupervised ? finalRepresentationFigures : finalTrainFigures)(prepared, session)),
    seconds: progress.seconds,
    imagesPerSecond: progress.samples / progress.seconds,
    precision: recipe.precision,
    kernels: session.kernels,
    device: session.device,
    seed: recipe.seed,
  };
}
