// Options: a schema for each, how they are checked, and how messages name them.
export {
  calibratedCheckpoint,
  checkpoint,
  checkpointOrInitial,
  device,
  kernels,
  precision,
  seed,
  threads,
} from "./common.js";
export {
  choicesOf,
  count,
  type Field,
  factsOf,
  fraction,
  fractionBelowOne,
  fractionToOne,
  innermost,
  nonNegative,
  path,
  positive,
  ratio,
  typesOf,
} from "./fields.js";
export { type LayoutOptions, layoutOf, layoutOptions } from "./layout.js";
export { flagOf, option, withFlags } from "./names.js";
export { describeValue, type OptionsSchema, parseOptions } from "./parse.js";
export { withoutDefaults } from "./without-defaults.js";
