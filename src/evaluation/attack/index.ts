// A run under attack: robust accuracy, by one attack or many, saved and resumed.
export { type AttackEvent, type AttackRunOptions, attackRun, type RunAttack } from "./attack-run.js";
export { readAttacks } from "./kept-attacks.js";
export { type AttackSeriesOptions, attackSeries, type RunAttackSeries } from "./series.js";
