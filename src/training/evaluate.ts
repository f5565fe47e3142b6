// A model's answers on samples it does not learn from.
import { setImmediate } from "node:timers/promises";
import { batchBounds, type Loader } from "../data/index.js";
import { accuracy, negativeLogLikelihood } from "../metrics/index.js";
import { type nn, noGrad, scope } from "../torch/index.js";
import type { Machine } from "./machine.js";

export interface Evaluation {
  /** (samples, outputs), row-major, in the order of the indices. */
  readonly logits: Float32Array;
  readonly labels: Int32Array;
  /** Which samples. */
  readonly indices: Int32Array;
  readonly loss: number;
  readonly accuracy: number;
}

export interface EvaluateOptions {
  readonly model: nn.Module;
  readonly loader: Loader;
  /** Which samples, by position; at least one. */
  readonly indices: Int32Array;
  /** The labels of all samples, by position. */
  readonly labels: Int32Array;
  /** Runs the network, in the precision and by the kernels that it is to have. */
  readonly compute: Machine["compute"];
  readonly batchSize?: number;
}

export const everyIndex = (labels: Int32Array) => Int32Array.from(labels.keys());

/** Arrays, one after the other. */
export function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}

async function logitsOf({ model, loader, indices, compute, batchSize = 256 }: EvaluateOptions): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  const answer = (index: Int32Array) => noGrad(() => compute(() => model.forward(loader.batch(index)))).to("float32");
  for (const [start, end] of batchBounds(indices.length, batchSize)) {
    parts.push(scope(() => answer(indices.subarray(start, end)).data()) as Float32Array);
    await setImmediate();
  }
  return concatenate(parts);
}

/** Mean cross entropy, accuracy and logits in evaluation mode, without recording gradients; yields between batches. */
export async function evaluateModel(options: EvaluateOptions): Promise<Evaluation> {
  const { model, indices, labels } = options;
  const training = model.training;
  model.eval();
  try {
    const logits = await logitsOf(options);
    const own = indices.map((sample) => labels[sample] as number);
    return { logits, labels: own, indices, loss: negativeLogLikelihood(logits, own), accuracy: accuracy(logits, own) };
  } finally {
    model.train(training);
  }
}
