// Attacks: searches, near each image, for one that the network answers wrongly; one file each.
export { type ApgdOptions, type ApgdTargetedOptions, apgd, apgdTargeted } from "./apgd.js";
export { fgsm } from "./fgsm.js";
export { type MomentumIterativeOptions, momentumIterative } from "./momentum-iterative.js";
export { type MultiTargetedOptions, multiTargeted } from "./multi-targeted.js";
export { type PgdOptions, pgd } from "./pgd.js";
export type { Attack, AttackBatch, Ball, Classifier } from "./types.js";
