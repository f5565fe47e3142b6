// Data: read from disk into memory, its labels corrupted on purpose, split and described.
export { fingerprint } from "./fingerprint.js";
export { labelsFromFile } from "./formats/arrays.js";
export { type DataOptions, readDataSet } from "./formats.js";
export { stratifiedShare } from "./label-share.js";
export { readLabels } from "./labels.js";
export {
  type Augmentation,
  batchBounds,
  batchesOf,
  createLoader,
  epochOrder,
  type Loader,
  type LoaderOptions,
} from "./loader.js";
export {
  applyNoise,
  type NoiseOptions,
  type NoiseSpec,
  type NoisySamples,
  parseNoise,
  readNoiseMatrix,
} from "./noise/index.js";
export { type NpyArray, type NpyData, parseNpy, writeNpy } from "./npy.js";
export { createNpyRows, type NpyRows } from "./npy-stream.js";
export { readProbabilities } from "./probabilities.js";
export { type Random, randomFrom } from "./random.js";
export type { Rows } from "./rows.js";
export { type ShapesOptions, shapesDataSet } from "./shapes.js";
export { type Split, stratifiedSplit } from "./split.js";
export { type ChannelStatistics, channelStatistics, statisticsOf } from "./statistics.js";
export { decodedSamples } from "./streamed.js";
export { csvText } from "./table.js";
export { samplesAt, withTestPart } from "./test-part.js";
export type { DataSet, Format, ReadOptions, Samples } from "./types.js";
export {
  createViews,
  streamedViews,
  type ViewKey,
  type ViewPreset,
  type ViewRecipe,
  type Views,
  type ViewsOptions,
  viewPresets,
  viewRecipe,
} from "./views/index.js";
