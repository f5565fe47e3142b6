// The features of a run's network: the input of its last layer.
import { networkInput } from "../data/index.js";
import { parseOptions } from "../options/index.js";
import { readCheckpoint } from "../runs/checkpoint.js";
import { openRunModel } from "../runs/model/open-model.js";
import { readRunRecipe } from "../runs/run-folder.js";
import { noGrad, scope, setThreads } from "../torch/index.js";
import { type EmbedderOptions, embedderOptions } from "./embedder-options.js";
import { checkBatch, type PredictorInput } from "./predictor.js";
import { inputOf, inputsOf } from "./run-predictor.js";

export interface Embedder {
  readonly input: PredictorInput;
  /** The size of a feature vector. */
  readonly embeddingSize: number;
  /**
   * The features of `samples` samples, (samples, embeddingSize); batches are as `Predictor.predict` takes them. Throws a
   * RangeError where the batch is not of that size.
   */
  embed(batch: Float32Array | Uint8Array, samples: number): Float32Array;
  close(): void;
}

/** Opens a run folder, in float32. Throws `InputError` where the run, its checkpoint or the device cannot be used. */
export function openEmbedder(run: string, options: EmbedderOptions = {}): Embedder {
  const { checkpoint, device, threads } = parseOptions(embedderOptions, options);
  const own = readRunRecipe(run);
  const weights = checkpoint === "initial" ? null : readCheckpoint(run, checkpoint);
  setThreads(threads);
  const opened = openRunModel(own, weights, { precision: "fp32", kernels: "auto", device });
  const { model, compute } = opened;
  const input = inputOf(own.resolved);
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
