// One-line prediction: `const classify = await pipeline("image-classification", "runs/photos-sat-1")`.
import type { z } from "zod";
import { didYouMean, InputError } from "../errors.js";
import { parseOptions } from "../options/index.js";
import type { EmbedderOptions } from "./embedder-options.js";
import { openPredictor } from "./open-predictor.js";
import { assembleBatch, type Prediction, type PredictorInput } from "./predictor.js";
import type { PredictorOptions } from "./predictor-options.js";
import { decodeBatches, type ImageSource } from "./samples/image-batches.js";
import { loadOptions } from "./samples/load-options.js";

/** A model as a function: one image gives one result, an array of images gives an array of results in the same order. */
export interface ImagePipeline<Result> extends AsyncDisposable {
  /** @throws InputError for a file or bytes that cannot be decoded. */
  (image: ImageSource): Promise<Result>;
  (images: readonly ImageSource[]): Promise<Result[]>;
  /** Releases the model. */
  close(): Promise<void>;
}

export interface ImageClassifier extends ImagePipeline<Prediction> {
  readonly classes: readonly string[];
  /** Predictions of lower confidence have `abstained: true`; null when the model never abstains. */
  readonly threshold: number | null;
}

export interface ImageFeatureExtractor extends ImagePipeline<Float32Array> {
  /** Length of a feature vector. */
  readonly embeddingSize: number;
}

/** `batchSize`: images per forward pass (default: 32). */
const batchOptions = loadOptions.pick({ batchSize: true });

type BatchOptions = z.input<typeof batchOptions>;

interface Tasks {
  readonly "image-classification": { options: PredictorOptions & BatchOptions; result: ImageClassifier };
  readonly "image-feature-extraction": { options: EmbedderOptions & BatchOptions; result: ImageFeatureExtractor };
}

type Openers = { readonly [Task in keyof Tasks]: (model: string, options: Tasks[Task]["options"]) => Promise<unknown> };

const openers: Openers = { "image-classification": openClassifier, "image-feature-extraction": openFeatureExtractor };

/**
 * Opens a model for a task and returns it as a function of images, each a path or the bytes of an image file.
 *
 * ```ts
 * const classify = await pipeline("image-classification", "runs/photos-sat-1");
 * const { label, confidence } = await classify("cat.jpg");
 * ```
 *
 * `image-classification` takes a run folder, or an exported ONNX model (libtorch is then not loaded).
 * `image-feature-extraction` takes a run folder and returns the input of the network's last layer.
 * @throws InputError for an unknown task, and for a model that cannot be opened or does not take images.
 */
export async function pipeline<Task extends keyof Tasks>(
  task: Task,
  model: string,
  options: Tasks[Task]["options"] = {},
): Promise<Tasks[Task]["result"]> {
  const open = Object.hasOwn(openers, task) ? openers[task] : null;
  if (open !== null) return open(model, options) as Promise<Tasks[Task]["result"]>;
  const known = Object.keys(openers);
  throw new InputError(`task: received "${task}"; expected ${known.join(" or ")}${didYouMean(task, known)}`);
}

async function openClassifier(model: string, options: PredictorOptions & BatchOptions): Promise<ImageClassifier> {
  const { batchSize } = parseOptions(batchOptions, options);
  const predictor = await openPredictor(model, options);
  const { classes, threshold } = predictor;
  const run = imagePipeline(model, predictor, batchSize, (batch, count) => predictor.predict(batch, count));
  return Object.assign(run, { classes, threshold });
}

async function openFeatureExtractor(
  model: string,
  options: EmbedderOptions & BatchOptions,
): Promise<ImageFeatureExtractor> {
  const { batchSize } = parseOptions(batchOptions, options);
  if (model.toLowerCase().endsWith(".onnx")) {
    throw new InputError(`model: received ${model}; image-feature-extraction expects a run folder`);
  }
  const embedder = (await import("./embedder.js")).openEmbedder(model, options);
  const { embeddingSize } = embedder;
  const run = imagePipeline(model, embedder, batchSize, (batch, count) => {
    const rows = embedder.embed(batch, count);
    return Array.from({ length: count }, (_, i) => rows.slice(i * embeddingSize, (i + 1) * embeddingSize));
  });
  return Object.assign(run, { embeddingSize });
}

interface OpenModel {
  readonly input: PredictorInput;
  close(): void | Promise<void>;
}

type RunBatch<Result> = (batch: Float32Array | Uint8Array, samples: number) => Result[] | Promise<Result[]>;

/** @throws InputError for a model that does not take images, which is then closed. */
function imagePipeline<Result>(
  path: string,
  model: OpenModel,
  batchSize: number,
  runBatch: RunBatch<Result>,
): ImagePipeline<Result> {
  const { input } = model;
  const close = async () => model.close();
  if (input.kind !== "images") {
    void close();
    throw new InputError(
      `model: ${path} takes features of shape (${input.shape.join(", ")}); expected a model of images`,
    );
  }
  async function run(images: readonly ImageSource[]): Promise<Result[]> {
    const results: Result[] = [];
    for await (const batch of decodeBatches(images, input as typeof input & { kind: "images" }, batchSize)) {
      results.push(...(await runBatch(assembleBatch(batch, input), batch.length)));
    }
    return results;
  }
  const one = async (image: ImageSource) => (await run([image]))[0] as Result;
  const call = (images: ImageSource | readonly ImageSource[]) => (isList(images) ? run(images) : one(images));
  return Object.assign(call, { close, [Symbol.asyncDispose]: close }) as ImagePipeline<Result>;
}

const isList = (images: ImageSource | readonly ImageSource[]): images is readonly ImageSource[] =>
  Array.isArray(images);
