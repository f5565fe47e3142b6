// Answering samples and files with a run's network or an exported model.
export { listInputs } from "./list-inputs.js";
export { openPredictor } from "./open-predictor.js";
export { answerOf, type FileAnswer, type PredictFilesOptions, predictFiles } from "./predict-files.js";
export {
  assembleBatch,
  type Prediction,
  type Predictor,
  type PredictorInput,
  type PredictorOptions,
  sampleLength,
  sampleShape,
} from "./predictor.js";
