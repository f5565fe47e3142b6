// The batches of a run: training samples, plain and augmented, and the test set.
import { type BatchSource, createLoader } from "../../data/index.js";
import type { Objective } from "../../objectives/index.js";
import type { Prepared } from "../../runs/prepare.js";
import type { DType } from "../../torch/index.js";
import type { EvaluationParts } from "../metrics/evaluation.js";
import type { Resources } from "./resources.js";

/** Where tensors are, and their element type. */
export interface Placement {
  readonly device: string;
  readonly dtype: DType;
}

/** Where a run's batches come from. */
export interface TrainingData extends Pick<EvaluationParts, "loader" | "testLoader"> {
  /** The training samples as the network is trained on them: augmented, in one view or two. */
  readonly trainingSource: BatchSource;
}

export function openData(
  { recipe, train, test, normalization }: Prepared,
  placement: Placement,
  views: Objective["views"],
  resources: Resources,
): TrainingData {
  const loaderOf = (samples: typeof train) => {
    const loader = createLoader({ samples, normalization, ...placement });
    resources.defer(loader.release);
    return loader;
  };
  const { augment, cropPadding, rotation, randAugment, randomErasing, seed } = recipe;
  const loader = loaderOf(train);
  const trainingSource = loader.augmented({
    ...{ augment, cropPadding, rotation, randAugment, randomErasing },
    seed,
    views,
  });
  return { loader, trainingSource, testLoader: test === null ? null : loaderOf(test) };
}
