// The schema of a study file: many runs as data, for the paper's tables and for custom sweeps.
import { z } from "zod";
import { didYouMean, InputError } from "../errors.js";
import { lineSchema, linesProblem } from "./coverage-lines.js";
import { fixedKeys, rangeSchema } from "./search/ranges.js";

/** It names a folder too. */
const name = () => z.string().regex(/[a-z0-9]/i, "expected a name with a letter or a digit");

const fraction = () => z.number().min(0).max(1);

/** Recipe keys to set; null removes a key that the base recipe or the profile sets. Checked with the recipe that they make. */
const settings = () => z.record(z.string(), z.unknown()).default({});

/** Settings of self-adaptive targets at base width 64, which the width rule carries over to each run's width. */
const widthRule = () => z.strictObject({ targetMomentum: fraction(), startEpoch: z.number().min(0) }).optional();

const rowSchema = z.strictObject({
  name: name(),
  /** Replaces the profile's. */
  recipe: z.string().optional(),
  /** The folder, inside the one given as data, that the row is about; (default: all of it). */
  data: z.string().optional(),
  set: settings(),
  widthRule: widthRule(),
  /** The accuracy on the test set, and under PGD-20, and where they are from. */
  paper: z
    .strictObject({ testAccuracy: fraction(), robustAccuracy: fraction().optional(), source: z.string() })
    .optional(),
  /** The group of the row, such as one of several data sets. */
  group: z.string().optional(),
  /** Its lines in the coverage table (default: one line by the method's score). */
  lines: z.array(lineSchema).min(1).optional(),
});

const seriesSchema = z.strictObject({
  name: name(),
  set: settings(),
  widthRule: widthRule(),
  /** Points are pairs of the axis' value and the test accuracy there. */
  paper: z.strictObject({ source: z.string(), points: z.array(z.tuple([z.number(), fraction()])) }).optional(),
});

const gridSchema = z.strictObject({
  /** The recipe key that every series goes through. */
  axis: z.string(),
  label: z.string().optional(),
  values: z.array(z.number()).min(1),
  series: z.array(seriesSchema).min(1),
});

const searchSchema = z.strictObject({
  /** Random search trains every trial to the end, successive halving the better ones. */
  strategy: z.enum(["random", "halving"]).default("random"),
  trials: z.int().min(1).default(16),
  /** Of halving: one of so many trials goes on, to so many times the epochs. */
  eta: z.int().min(2).default(3),
  /** Of halving: epochs before the first choice (default: such that a trial or two are left for the last one). */
  minEpochs: z.int().min(1).optional(),
  /** Of the draws; training has the profile's seeds. */
  seed: z.int().min(0).default(0),
  /** What is drawn, by recipe key. */
  ranges: z.record(z.string(), rangeSchema),
});

const seeds = () =>
  z
    .array(z.int().min(0))
    .min(1)
    .refine((values) => new Set(values).size === values.length, "expected each seed once");

/** Every method of a part is trained under each of its conditions. */
const partSchema = z.strictObject({
  name: name(),
  /** What is trained, as the heading of its table. */
  title: z.string().min(1),
  /** Replaces the profile's. */
  recipe: z.string().optional(),
  set: settings(),
  /** (default: the profile's) */
  seeds: seeds().optional(),
  conditions: z.array(z.strictObject({ name: name(), set: settings() })).min(1),
  methods: z.array(z.strictObject({ name: name(), set: settings() })).min(1),
});

const matrixSchema = z.strictObject({
  /** The method that the others are compared with, a run of the same seed with each. */
  baseline: z.string(),
  parts: z.array(partSchema).min(1),
});

/** An attack on every trained network, in the last epoch and, where its weights were kept, in that of the highest robust accuracy. */
const attackSchema = z.strictObject({
  name: z.string(),
  /** (default: the run's, on which the best epoch was chosen) */
  data: z.string().optional(),
  limit: z.int().min(1),
});

/** Training from every network with the labels of the first so many samples. */
const fineTuneSchema = z.strictObject({
  samples: z.array(z.int().min(1)).min(1),
  /** On top of the run's data and network. */
  set: settings(),
});

const profileSchema = z.strictObject({
  /** The base recipe of every row, a path relative to the study's folder. */
  recipe: z.string().optional(),
  set: settings(),
  seeds: seeds().default([0]),
  rows: z.array(rowSchema).min(1).optional(),
  grid: gridSchema.optional(),
  matrix: matrixSchema.optional(),
  /** Trials whose keys are drawn, compared by the accuracy on held-out samples with their given labels. */
  search: searchSchema.optional(),
  /**
   * Bars of test accuracy, or of what features know; test error against the grid's axis, the epochs or the coverage; robust accuracy
   * against the epochs; test accuracy of every method under every condition.
   */
  draw: z.enum(["bars", "axis", "epochs", "coverage", "representations", "robust", "matrix"]).default("bars"),
  /** The line of a coverage table that the others of its group are compared with, or the row of robust accuracies. */
  baseline: z.string().optional(),
  /** For draw: robust. */
  attack: attackSchema.optional(),
  /** For draw: representations. */
  fineTune: fineTuneSchema.optional(),
  /** The series whose training error falling under 1% marks the interpolation threshold. */
  interpolation: z.string().optional(),
  /** Measured cost and machine, in words. The cost on this machine is estimated before a study starts. */
  measuredCost: z.string().optional(),
});

export const studySchema = z.strictObject({
  title: z.string().min(1),
  /** What there is to see in it, in a sentence. */
  shows: z.string(),
  profiles: z.record(z.string(), profileSchema),
});

export type Study = z.output<typeof studySchema>;
export type Profile = z.output<typeof profileSchema>;
export type Row = z.output<typeof rowSchema>;
export type Series = z.output<typeof seriesSchema>;
export type Part = z.output<typeof partSchema>;
export type Search = z.output<typeof searchSchema>;

const studySchemas = [studySchema, profileSchema, gridSchema, matrixSchema, partSchema, searchSchema];
const schemas = [...studySchemas, rowSchema, lineSchema, seriesSchema, attackSchema, fineTuneSchema];
const knownKeys = schemas.flatMap(({ shape }) => Object.keys(shape));

function describeProblem(issue: z.core.$ZodIssue): string {
  const place = issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  if (issue.code !== "unrecognized_keys") return `${place}${issue.message}`;
  const key = issue.keys[0] as string;
  return `${place}unknown key "${key}"${didYouMean(key, knownKeys)}`;
}

/** The first problem of a profile that the schema cannot express, or null. */
function profileProblem(profile: Profile): string | null {
  const { rows, grid, matrix, search, draw, interpolation, attack, fineTune } = profile;
  if ([rows, grid, matrix, search].filter((given) => given !== undefined).length !== 1) {
    return "expected either rows, a grid, a matrix or a search";
  }
  if (search !== undefined) return searchProblem(search, draw);
  if (attack !== undefined && draw !== "robust") return `an attack is for draw: robust; received ${draw}`;
  if (fineTune !== undefined && draw !== "representations")
    return `fineTune is for draw: representations; received ${draw}`;
  if (draw === "axis" && grid === undefined) return "draw: axis needs a grid; received none";
  if ((draw === "matrix") !== (matrix !== undefined)) return `a matrix is for draw: matrix; received ${draw}`;
  const series = grid?.series.map(({ name }) => name) ?? [];
  if (interpolation !== undefined && !series.includes(interpolation)) {
    return `interpolation: received "${interpolation}"; expected a series of the grid${didYouMean(interpolation, series)}`;
  }
  return linesProblem(profile) ?? rowBaselineProblem(profile) ?? baselineProblem(profile);
}

function rowBaselineProblem({ rows = [], draw, baseline }: Profile): string | null {
  const names = rows.map(({ name }) => name);
  if (draw !== "robust" || baseline === undefined || names.includes(baseline)) return null;
  return `baseline: received "${baseline}"; expected a row${didYouMean(baseline, names)}`;
}

function baselineProblem({ matrix }: Profile): string | null {
  const part = matrix?.parts.find(({ methods }) => !methods.some(({ name }) => name === matrix.baseline));
  if (part === undefined) return null;
  const guess = didYouMean(
    String(matrix?.baseline),
    part.methods.map(({ name }) => name),
  );
  return `matrix: received the baseline "${matrix?.baseline}"; expected a method of the part "${part.name}"${guess}`;
}

function searchProblem({ ranges }: Search, draw: Profile["draw"]): string | null {
  const keys = Object.keys(ranges);
  if (keys.length === 0)
    return "search.ranges: expected a recipe key with its range, such as lr: { min: 0.001, max: 0.1 }";
  const fixed = keys.find((key) => fixedKeys.includes(key));
  if (fixed !== undefined)
    return `search.ranges: received ${fixed}; expected keys that leave data and epochs as they are`;
  return draw === "bars" ? null : `a search has a table of its own; received draw: ${draw}`;
}

/** Checks a study; `name` is what messages call it. @throws InputError naming the first thing that is wrong. */
export function parseStudy(input: unknown, name: string): Study {
  const parsed = studySchema.safeParse(input);
  if (!parsed.success) throw new InputError(`study ${name}: ${describeProblem(parsed.error.issues[0]!)}`);
  for (const [key, profile] of Object.entries(parsed.data.profiles)) {
    const problem = profileProblem(profile);
    if (problem !== null) throw new InputError(`study ${name}: profiles.${key}: ${problem}`);
  }
  return parsed.data;
}
