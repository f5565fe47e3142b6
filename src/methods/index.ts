// Training methods, each declared in one file.
export { ce } from "./ce.js";
export { createNetwork, headsOf, nativeScore } from "./create-network.js";
export { momentumForEpochs } from "./half-life.js";
export {
  defineMethod,
  type Family,
  type Heads,
  type Method,
  type MethodContext,
  type MethodStart,
  optionsOf,
  type TrainingAttack,
} from "./method.js";
export { filePath, isPath } from "./options.js";
export {
  defaultMethod,
  defaultSelfSupervisedMethod,
  isMethod,
  type MethodInput,
  type MethodName,
  type MethodOptions,
  methodNamed,
  methods,
  methodsWith,
  type RegisteredOptions,
  registerMethod,
} from "./registry.js";
export { sat } from "./sat.js";
export { widthRule } from "./width-rule.js";
