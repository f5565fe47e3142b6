// Evaluates a model: its outputs, loss and accuracy on samples.
import { setImmediate } from "node:timers/promises";
import { type BatchSource, randomFrom } from "../data/index.js";
import { InputError } from "../errors.js";
import { accuracy, negativeLogLikelihood, predictions } from "../metrics/index.js";
import type { Compute } from "../runs/model/compute.js";
import { distributed, type nn, noGrad, scope } from "../torch/index.js";
import { gatherOutputs } from "./gather-outputs.js";

export interface Evaluation {
  /** All outputs of the network, (samples, outputs) row-major, in the order of the indices. */
  readonly outputs: Float32Array;
  /** The classes' logits, (samples, classes): the first columns of the outputs. */
  readonly logits: Float32Array;
  readonly labels: Int32Array;
  /** The evaluated samples: the requested ones except streamed images that cannot be decoded. */
  readonly indices: Int32Array;
  readonly loss: number;
  readonly accuracy: number;
}

export interface EvaluateOptions {
  readonly model: nn.Module;
  readonly loader: BatchSource;
  /** Which samples, by position; at least one. */
  readonly indices: Int32Array;
  /** The labels of all samples, by position. */
  readonly labels: Int32Array;
  /** The number of classes; further outputs follow them. */
  readonly classes: number;
  /** Runs the network in the requested precision and with the requested kernels. */
  readonly compute: Compute["compute"];
  readonly batchSize?: number;
  /** The ranks that evaluate together, each a block of the samples; all get the outputs of all (default: this process). */
  readonly group?: distributed.ProcessGroup | undefined;
}

export const allIndices = (labels: Int32Array) => Int32Array.from(labels.keys());

/** A random sample of the indices, ascending, determined by the keys. */
export function sampleIndices(indices: Int32Array, count: number, ...keys: readonly (number | string)[]): Int32Array {
  const drawn = randomFrom(...keys).sample(indices.length, Math.min(indices.length, count));
  return drawn.map((position) => indices[position] as number).sort();
}

/** Concatenates arrays. */
export function concatenate(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}

/** The first `count` columns of rows of numbers. */
export function firstColumns(values: Float32Array, rows: number, count: number): Float32Array {
  const columns = values.length / rows;
  if (columns === count) return values;
  const first = new Float32Array(rows * count);
  for (let i = 0; i < rows; i++) first.set(values.subarray(i * columns, i * columns + count), i * count);
  return first;
}

const joined = (parts: readonly Int32Array[]) => Int32Array.from(parts.flatMap((part) => Array.from(part)));

/** The outputs of this rank's block of the samples, batch by batch. */
async function* evaluatedBatches(options: EvaluateOptions) {
  const { model, loader, compute, batchSize = 256, group = distributed.soloGroup } = options;
  const indices = distributed.blockOf(options.indices, group);
  for await (const { index, images } of loader.batches({ indices, batchSize })) {
    const predictBatch = () => noGrad(() => compute(() => model.forward(images))).to("float32");
    yield { index, outputs: scope(() => predictBatch().data()) as Float32Array };
    await setImmediate();
  }
}

/** Runs `body` with the model in evaluation mode; then restores its mode. */
async function evaluating<T>(model: nn.Module, body: () => Promise<T>): Promise<T> {
  const { training } = model;
  model.eval();
  try {
    return await body();
  } finally {
    model.train(training);
  }
}

function requireSome(evaluated: Int32Array, { indices }: EvaluateOptions): void {
  if (evaluated.length === 0) throw new InputError(`none of ${indices.length} images to evaluate can be decoded`);
}

async function outputsOf(options: EvaluateOptions) {
  const { group = distributed.soloGroup } = options;
  const parts: Float32Array[] = [];
  const readable: Int32Array[] = [];
  for await (const { index, outputs } of evaluatedBatches(options)) {
    readable.push(index);
    parts.push(outputs);
  }
  const gathered = await gatherOutputs(group, { outputs: concatenate(parts), evaluated: joined(readable) });
  requireSome(gathered.evaluated, options);
  return gathered;
}

/**
 * Outputs, and the classes' mean cross entropy and accuracy, in evaluation mode, without recording gradients; yields between
 * batches.
 */
export async function evaluateModel(options: EvaluateOptions): Promise<Evaluation> {
  const { model, labels, classes } = options;
  const { outputs, evaluated } = await evaluating(model, () => outputsOf(options));
  const logits = firstColumns(outputs, evaluated.length, classes);
  const evaluatedLabels = evaluated.map((sample) => labels[sample] as number);
  const figures = {
    loss: negativeLogLikelihood(logits, evaluatedLabels),
    accuracy: accuracy(logits, evaluatedLabels),
  };
  return { outputs, logits, labels: evaluatedLabels, indices: evaluated, ...figures };
}

/** The most probable class of every sample, of which no outputs are kept: `indices` are the samples that can be decoded. */
export async function predictClasses(options: EvaluateOptions) {
  const { model, classes, group = distributed.soloGroup } = options;
  const predicted: Int32Array[] = [];
  const readable: Int32Array[] = [];
  await evaluating(model, async () => {
    for await (const { index, outputs } of evaluatedBatches(options)) {
      readable.push(index);
      predicted.push(predictions(outputs, index.length, classes));
    }
  });
  const indices = await distributed.gatherValues(group, joined(readable));
  requireSome(indices, options);
  return { indices, predicted: await distributed.gatherValues(group, joined(predicted)) };
}
