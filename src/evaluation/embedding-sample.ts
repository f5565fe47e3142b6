// Features of a sample of a self-supervised run's data, for the map of its embedding.

import type { Samples } from "../data/index.js";
import { createLoader, randomFrom } from "../data/index.js";
import { readNewestCheckpoint } from "../runs/checkpoint.js";
import { openRunModel } from "../runs/model/open-model.js";
import { prepareSameData } from "../runs/prepare-same-data.js";
import { readRunRecipe } from "../runs/run-folder.js";
import { allIndices } from "./evaluate.js";
import type { InspectRunOptions } from "./inspect-run.js";
import { featuresOf } from "./probe/features.js";

/** Features of some samples of a self-supervised run. */
export interface EmbeddingSample {
  /** (n, size) row-major. */
  readonly features: Float32Array;
  readonly size: number;
  /** Of each row, by the names in `classes`. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** Where each row's sample is in `samples`. */
  readonly indices: Int32Array;
  readonly samples: Samples;
  /** The part that `samples` are from: the test set, or the training set without one. */
  readonly part: "test set" | "training set";
}

const maxSamples = 800;

/** The features, by the newest checkpoint, of at most 800 samples of the test set, or of the training set where there is none. */
export async function embeddingSample(run: string, options: InspectRunOptions): Promise<EmbeddingSample> {
  const runRecipe = readRunRecipe(run);
  const { train, test, classes, normalization } = await prepareSameData(
    run,
    runRecipe,
    options,
    "drawing the embedding",
  );
  const samples = test ?? train;
  const all = allIndices(samples.labels);
  const positions = randomFrom(runRecipe.recipe.seed, "embedding map").sample(
    all.length,
    Math.min(maxSamples, all.length),
  );
  const opened = openRunModel(runRecipe, readNewestCheckpoint(run), options);
  const loader = createLoader({ samples, normalization, device: opened.device, dtype: opened.dtype });
  try {
    const { features, indices } = await featuresOf(opened, loader, positions.sort());
    const labels = indices.map((index) => samples.labels[index] as number);
    const part = test === null ? "training set" : "test set";
    return { features, size: opened.model.embeddingSize, labels, classes, indices, samples, part };
  } finally {
    loader.release();
    opened.release();
  }
}
