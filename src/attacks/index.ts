// Attacks: searches, near each image, for one that the network answers wrongly; one file each.
export { type ApgdOptions, type ApgdTargetedOptions, apgd, apgdTargeted } from "./apgd/apgd.js";
export {
  type AutoAttackOptions,
  type AutoAttackResult,
  autoAttack,
  autoAttackMembers,
} from "./auto-attack.js";
export { type FabOptions, fabT } from "./fab/fab.js";
export { fgsm } from "./fgsm.js";
export { type MomentumIterativeOptions, momentumIterative } from "./momentum-iterative.js";
export { type MultiTargetedOptions, multiTargeted } from "./multi-targeted.js";
export { type PgdOptions, pgd } from "./pgd.js";
export {
  type Broken,
  beginSearch,
  countSearch,
  type SearchState,
  STANDING,
  search,
  type TriedAttack,
  triedBy,
} from "./search/search.js";
export { attackWarnings, resultWarnings } from "./search/warnings.js";
export { type SquareOptions, square } from "./square/square.js";
export type { Attack, AttackBatch, Ball, Classifier } from "./types.js";
