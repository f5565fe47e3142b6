// Attacks: searches, near each image, for one that the network answers wrongly; one file each.
export { type PgdOptions, pgd } from "./pgd.js";
export type { Attack, AttackBatch, Ball, Classifier } from "./types.js";
