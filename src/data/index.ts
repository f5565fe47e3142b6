// Data: read from disk, its labels corrupted on purpose, split, and loaded in batches.
export { countClasses, describeClassWeights, parseClassWeights } from "./class-weights.js";
export { constantImages } from "./constant.js";
export { imageBytes, imageExists, imageVersion } from "./containers/containers.js";
export { folderOf, forEachBounded } from "./files.js";
export { fingerprint } from "./fingerprint.js";
export { labelsFromFile } from "./formats/arrays/arrays.js";
export { isMissing } from "./formats/classes.js";
export { decodePixels } from "./formats/images/decode-image.js";
export type { DepthRanges } from "./formats/images/deep-pixels.js";
export { imageSizeOf } from "./formats/images/each-image.js";
export { type DataOptions, dataPlace, readDataSet } from "./formats.js";
export type { AugmentationOptions } from "./loader/augmentation.js";
export { parseAutoAugment } from "./loader/auto-augment/auto-augment.js";
export { type LoadedBatch, type Share, shareOf } from "./loader/batch.js";
export { type BatchesOptions, type BatchSource, batchBounds, batchesOf, epochOrder } from "./loader/batch-source.js";
export { type InputOptions, networkInput } from "./loader/input.js";
export { createLoader, type Loader, type LoaderOptions, storeOf } from "./loader/loader.js";
export { oversample } from "./loader/oversample.js";
export type { LoadedSamples } from "./loader/store.js";
export {
  applyNoise,
  type NoiseOptions,
  type NoiseSpec,
  type NoisySamples,
  parseNoise,
  readNoiseMatrix,
} from "./noise/index.js";
export { type PixelRange, pixelRangeOf, requireRange, UNIT_RANGE } from "./pixel-range.js";
export { type Random, randomFrom } from "./random.js";
export {
  asRecorded,
  compareFiles,
  describeChange,
  filesOf,
  partsChanged,
  type RecordedFile,
} from "./recorded-files.js";
export { copiesTogether } from "./split/copies-together.js";
export { copiesInOneFold, stratifiedFolds } from "./split/folds.js";
export { groupsOfCopies } from "./split/groups-of-copies.js";
export { stratifiedSubset } from "./split/label-fraction.js";
export { limitTraining } from "./split/limit.js";
export { type Split, stratifiedSplit } from "./split/split.js";
export { givenSplit, samplesAt, selectTraining, withTestPart } from "./split/test-part.js";
export { type ChannelStatistics, channelStatistics, statisticsOf } from "./statistics.js";
export { type DataSummary, summarizeParts } from "./summary.js";
export { type ShapesOptions, shapesDataSet } from "./synthetic/shapes.js";
export { shapesName } from "./synthetic/shapes-name.js";
export { readFloatRows } from "./tables/float-rows.js";
export { type LabeledSamples, type LabelsRead, readLabels } from "./tables/label-file.js";
export { type NpyArray, type NpyData, parseNpy, readNpy, writeNpy } from "./tables/npy.js";
export { createNpyRows, type NpyRows } from "./tables/npy-stream.js";
export { type PinnedLabel, readPinned } from "./tables/pinned-file.js";
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
  defaultViews,
  drawsViews,
  type ViewKey,
  type ViewPreset,
  type ViewRecipe,
  viewRecipe,
} from "./views/index.js";
