// Options: how messages name them.
export { flagOf, option, withFlags } from "./names.js";
