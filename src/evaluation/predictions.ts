// A run's predictions, and their confidence by any score that its network has.
import { createLoader, type Samples } from "../data/index.js";
import { confidenceBy, correctness, type ScoreName } from "../metrics/index.js";
import type { LoadedCheckpoint } from "../runs/checkpoint.js";
import { type ComputeOptions, openRunModel } from "../runs/model/open-model.js";
import type { RunRecipe } from "../runs/run-folder.js";
import { distributed } from "../torch/index.js";
import { allIndices, type EvaluateOptions, type Evaluation, evaluateModel } from "./evaluate.js";
import { gatherNotes } from "./gather-outputs.js";
import { dropoutConfidence } from "./mc-dropout.js";

/** The options of confidence scores. */
export interface ConfidenceOptions {
  readonly temperature: number;
  /** Of MC dropout, as the seed. */
  readonly passes: number;
  readonly seed: number;
}

export interface RunPredictions extends Evaluation {
  /** The number of classes; further outputs follow them. */
  readonly classes: number;
  /** 1 for correct predictions, 0 for others. */
  readonly correct: Uint8Array;
  /** Notes about the samples for the user. */
  readonly notes: readonly string[];
  /** The confidence of every sample; by `mc-dropout` it takes `passes` more passes. */
  confidence(score: ScoreName, options: ConfidenceOptions): Promise<Float64Array>;
}

/**
 * Evaluates a run's network on samples and passes the predictions to `use`; then releases the network.
 * @throws InputError as `openRunModel` does.
 */
export async function withRunPredictions<T>(
  run: RunRecipe,
  checkpoint: LoadedCheckpoint,
  samples: Samples,
  options: ComputeOptions & Pick<EvaluateOptions, "group">,
  use: (predictions: RunPredictions) => Promise<T>,
): Promise<T> {
  const opened = openRunModel(run, checkpoint, options);
  const { device, dtype, classes, release } = opened;
  const loader = createLoader({ samples, normalization: run.resolved.normalization, device, dtype });
  try {
    const evaluated = { ...opened, loader, indices: allIndices(samples.labels), group: options.group };
    const evaluation = await evaluateModel({ ...evaluated, labels: samples.labels });
    const { outputs, logits, labels } = evaluation;
    return await use({
      ...evaluation,
      classes,
      correct: correctness(logits, labels),
      notes: await gatherNotes(options.group ?? distributed.soloGroup, loader.notes()),
      confidence: async (score, { temperature, ...dropout }) =>
        score === "mc-dropout"
          ? dropoutConfidence(evaluation, { ...evaluated, ...dropout, indices: evaluation.indices, temperature })
          : confidenceBy(score, outputs, labels.length, classes, temperature),
    });
  } finally {
    loader.release();
    release();
  }
}
