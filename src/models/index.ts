// Networks by name, their heads, summaries and weights.
export { createModel, type ModelOptions } from "./create.js";
export { type HeadOptions, selfSupervisedNetwork } from "./heads.js";
export type { Network } from "./network.js";
export { stemOption } from "./networks/stem.js";
export { defaultModels, modelNames } from "./registry.js";
export { selectiveNetwork } from "./selective.js";
export { countParameters, type LayerSummary, type ModelSummary, summarize } from "./summary.js";
export { fitWeights, type LoadedWeights, type LoadOptions, loadWeights, saveWeights } from "./weights/weights.js";
