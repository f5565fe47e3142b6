// Attacks: searches, near each image, for one that the network misclassifies; each declared in one file.
export { type ApgdOptions, apgd, apgdTargeted } from "./apgd/apgd.js";
export { type AutoAttackOptions, type AutoAttackResult, autoAttack, autoAttackEnsemble } from "./auto-attack.js";
export { deepFool } from "./deep-fool.js";
export type { AttackDefinition } from "./define-attack.js";
export { fabT } from "./fab/fab.js";
export { fgsm } from "./fgsm.js";
export { momentumIterative } from "./momentum-iterative.js";
export { multiTargeted } from "./multi-targeted.js";
export { pgd } from "./pgd.js";
export { attackDefinitions, attackNamed, attackNames, defaultAttack, findAttack } from "./registry.js";
export type { AdversarialExamples } from "./search/adversarial-examples.js";
export {
  positionsTried,
  type SearchState,
  STILL_CORRECT,
  search,
  startSearch,
  summarizeSearch,
  type TriedAttack,
} from "./search/search.js";
export { attackWarnings, resultWarnings } from "./search/warnings.js";
export { square } from "./square/square.js";
export type { Attack, AttackBatch, Ball, Classifier } from "./types.js";
