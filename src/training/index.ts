// Training: the loop and what drives it.

export type { CustomModel } from "../runs/model/custom-model.js";
export { type CrossValidateOptions, type CrossValidation, crossValidate } from "./cross-validate.js";
export { type DryRun, dryRun } from "./dry-run.js";
export type { TrainingEvent, TrainingListener } from "./events.js";
export { type FoundRate, findLearningRate } from "./find-lr.js";
export { type Profile, type ProfileOptions, profile } from "./profile/profile.js";
export type { CustomObjective, CustomParts, GivenObjective } from "./session/custom-parts.js";
export type { CustomOptimizer } from "./session/optimizer.js";
export { openEventFile } from "./tensorboard/event-file.js";
export { image, type Value } from "./tensorboard/messages.js";
export { type TrainOptions, type TrainResult, train } from "./train.js";
