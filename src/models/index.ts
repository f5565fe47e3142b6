// Networks by name, their heads, summaries and weights.
export { createModel, type ModelOptions } from "./create.js";
export { type HeadOptions, selfSupervisedNetwork } from "./heads.js";
export { isUndecayed, layerDepths } from "./layers.js";
export type { Network } from "./network.js";
export { type EncoderFile, isOnnxName, withOnnxPath } from "./networks/onnx/encoder-file.js";
export { encoderOf, onnxPreparation } from "./networks/onnx/onnx-encoder.js";
export { dropPathOption } from "./networks/smooth-layers.js";
export { stemOption } from "./networks/stem.js";
export { canCheckpoint, decayByDefault, defaultModels, hasOption, modelNames } from "./registry.js";
export { selectiveNetwork } from "./selective.js";
export { countParameters, type LayerSummary, type ModelSummary, summarize } from "./summary.js";
export { type Conversion, type ConvertOptions, convertWeights } from "./weights/convert-weights.js";
export { describeLoaded } from "./weights/describe-loaded.js";
export { fitWeights, type LoadedWeights, type LoadOptions } from "./weights/fit-weights.js";
export { loadWeights } from "./weights/load-weights.js";
export { saveWeights } from "./weights/save-weights.js";
export { readTimmConfig, type TimmConfig } from "./weights/timm-config.js";
