// Data: read from disk into memory, its labels corrupted on purpose, split and described.
export { fingerprint } from "./fingerprint.js";
export { labelsFromFile } from "./formats/arrays.js";
export { type DataOptions, readDataSet } from "./formats.js";
export {
  type Augmentation,
  batchBounds,
  batchesOf,
  createLoader,
  epochOrder,
  type Loader,
  type LoaderOptions,
  sampleRows,
} from "./loader/loader.js";
export type { Rows } from "./loader/rows.js";
export { decodedSamples } from "./loader/streamed.js";
export {
  applyNoise,
  type NoiseOptions,
  type NoiseSpec,
  type NoisySamples,
  parseNoise,
  readNoiseMatrix,
} from "./noise/index.js";
export { type Random, randomFrom } from "./random.js";
export { stratifiedShare } from "./split/label-fraction.js";
export { type Split, stratifiedSplit } from "./split/split.js";
export { samplesAt, withTestPart } from "./split/test-part.js";
export { type ChannelStatistics, channelStatistics, statisticsOf } from "./statistics.js";
export { type ShapesOptions, shapesDataSet } from "./synthetic/shapes.js";
export { csvText } from "./tables/csv.js";
export { readLabels } from "./tables/label-file.js";
export { type NpyArray, type NpyData, parseNpy, writeNpy } from "./tables/npy.js";
export { createNpyRows, type NpyRows } from "./tables/npy-stream.js";
export { readProbabilities } from "./tables/probability-file.js";
export {
  type DataSet,
  type Format,
  type HeldSamples,
  holdsBytes,
  type ReadOptions,
  type Samples,
  type StreamedSamples,
} from "./types.js";
export {
  createViews,
  drawsViews,
  streamedViews,
  type ViewKey,
  type ViewPreset,
  type ViewRecipe,
  type Views,
  type ViewsOptions,
  viewRecipe,
} from "./views/index.js";
