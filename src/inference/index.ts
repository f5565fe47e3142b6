// Predictions for images, arrays and files by a run's network or an exported model.

export { type EmbeddedFiles, embedFiles } from "./embed-files.js";
export { openPredictor } from "./open-predictor.js";
export { type ImageClassifier, type ImageFeatureExtractor, type ImagePipeline, pipeline } from "./pipeline.js";
export { type FilePrediction, filePrediction, predictFiles } from "./predict-files.js";
export {
  assembleBatch,
  type Prediction,
  type Predictor,
  type PredictorInput,
  sampleLength,
  sampleShape,
} from "./predictor.js";
export { type PredictorOptions, thresholdNotes } from "./predictor-options.js";
export type { ImageSource } from "./samples/image-batches.js";
export { listInputs } from "./samples/list-inputs.js";
export type { LoadOptions } from "./samples/load-options.js";
