// A run's network, asked for the features that its last layer would read.

import { networkInput } from "../data/index.js";
import { weightsNamed } from "../evaluation/probe/settings.js";
import { openRunModel } from "../runs/open-model.js";
import { readRunRecipe } from "../runs/run-folder.js";
import { noGrad, scope, setThreads } from "../torch/index.js";
import { checkBatch, type PredictorInput } from "./predictor.js";
import { inputOf, inputsOf } from "./run-predictor.js";

export interface Embedder {
  readonly input: PredictorInput;
  /** Numbers in the features of a sample. */
  readonly embeddingSize: number;
  /**
   * The features of `samples` samples, (samples, embeddingSize); batches are as `Predictor.predict` takes them. Throws a
   * RangeError where the batch is not of that size.
   */
  embed(batch: Float32Array | Uint8Array, samples: number): Float32Array;
  close(): void;
}

export interface EmbedderOptions {
  /** last, best, or `initial`: the weights that the run's seed drew. */
  readonly checkpoint?: string | undefined;
  readonly device?: string | undefined;
  /** Of the CPU; all cores unless given. */
  readonly threads?: number | undefined;
}

/** Opens a run folder, in float32. Throws `InputError` where the run, its checkpoint or the device cannot be used. */
export function openEmbedder(run: string, { checkpoint = "last", device, threads }: EmbedderOptions = {}): Embedder {
  const own = readRunRecipe(run);
  const weights = weightsNamed(run, checkpoint);
  if (threads !== undefined) setThreads(threads);
  const opened = openRunModel(own, weights, { precision: "fp32", kernels: "auto", device });
  const { model, compute } = opened;
  const input = inputOf(own.resolved.sampleShape);
  return {
    input,
    embeddingSize: model.embeddingSize,
    embed(batch, samples) {
      checkBatch(input, batch, samples);
      const inputs = inputsOf(opened, own, batch, samples);
      const embedded = () => noGrad(() => compute(() => model.embed(networkInput(inputs))));
      return scope(() => embedded().to("float32").data()) as Float32Array;
    },
    close: () => opened.release(),
  };
}
