// A run under attack: robust accuracy, by one attack or many, saved and resumed.
export { type AttackEvent, type AttackRunOptions, attackRun, type RunAttack } from "./attack-run.js";
export { type AttackResults, readAttacks } from "./kept-attacks.js";
export type { AttackResult } from "./result.js";
export { type AttackSeries, type AttackSeriesOptions, attackSeries, type RunAttackSeries } from "./series.js";
export type { AttackSettings } from "./settings.js";
