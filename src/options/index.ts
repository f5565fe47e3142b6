// Options: a schema for each, how they are checked, and how messages name them.
export {
  choicesOf,
  count,
  type Field,
  factsOf,
  fraction,
  innermost,
  path,
  positive,
  ratio,
  typesOf,
} from "./fields.js";
export { flagOf, option, withFlags } from "./names.js";
export { type OptionsSchema, parseOptions } from "./parse.js";
