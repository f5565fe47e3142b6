// From a study to its rows: each a recipe, with the value that it is set against.
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { shapesNamed } from "../data/synthetic/shapes-name.js";
import { InputError } from "../errors.js";
import { widthRule } from "../methods/index.js";
import { option } from "../options/index.js";
import { readRecipeFile } from "../runs/recipe/recipe-file.js";
import { withoutForeignKeys } from "../runs/recipe/schema.js";
import type { Part, Profile, Row, Search, Series } from "./schema.js";
import { drawValue } from "./search/ranges.js";

export type Settings = Readonly<Record<string, unknown>>;

/** A row of the table: one recipe, to be run with several seeds. */
export interface StudyRow {
  readonly name: string;
  /** The name as a folder's. */
  readonly slug: string;
  /** Without seed; every key that is not at its default. */
  readonly recipe: Settings;
  readonly paper?: NonNullable<Row["paper"]>;
  /** The name of the group of the row. */
  readonly group?: string;
  /** Its lines in a coverage table. */
  readonly lines?: NonNullable<Row["lines"]>;
  /** Of rows from a grid: their series, and their place on its axis. */
  readonly series?: string;
  readonly at?: number;
  /** Of trials of a search: what was drawn. */
  readonly drawn?: Settings;
  /** Of rows from a matrix. */
  readonly cell?: Cell;
  /** The seeds of its runs. */
  readonly seeds: readonly number[];
}

/** A method under one condition of a part. */
export interface Cell {
  readonly part: string;
  readonly condition: string;
  readonly method: string;
}

interface Context {
  readonly profile: Profile;
  /** The folder that paths of recipes are relative to. */
  readonly folder: string;
  /** The data given; without it each recipe must name its own. */
  readonly data?: string | undefined;
  /** What the user set, the last word on every recipe. */
  readonly settings: Settings;
}

/** "Cross entropy + EMA" as `cross-entropy-ema`. */
export const slugOf = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "-")
    .replace(/^[-.]+|-$/g, "");

/**
 * The rows of a profile, in its order: a grid's series by series, a matrix part by part and condition by condition.
 * @throws InputError for two rows of one name, and settings that would undo the grid.
 */
export function expandStudy(context: Context): StudyRow[] {
  const { rows, grid, matrix, search } = context.profile;
  if (search !== undefined) return trialRows(context, search);
  const ofMatrix = () => matrix!.parts.flatMap((part) => partRows(context, part));
  const expanded =
    rows?.map((row) => rowOf(context, row)) ?? (grid === undefined ? ofMatrix() : gridRows(context, grid));
  const twice = expanded.find(({ slug }, i) => expanded.findIndex((row) => row.slug === slug) !== i);
  if (twice !== undefined)
    throw new InputError(`two rows of the study have the name "${twice.name}"; expected one each`);
  return expanded;
}

function rowOf(context: Context, row: Row): StudyRow {
  const { name, paper, group, lines } = row;
  const shown = { ...(paper && { paper }), ...(group && { group }), ...(lines && { lines }) };
  const { seeds } = context.profile;
  return { name, slug: slugOf(name), recipe: recipeOf(context, row), seeds, ...shown };
}

function partRows(context: Context, { name: part, recipe, set, seeds, conditions, methods }: Part): StudyRow[] {
  return conditions.flatMap((condition) =>
    methods.map((method) => {
      const cell = { part, condition: condition.name, method: method.name };
      const names = Object.values(cell);
      const name = names.join(", ");
      const settings = { ...set, ...condition.set, ...method.set };
      return {
        name,
        slug: names.map(slugOf).join("/"),
        recipe: recipeOf(context, { name, ...(recipe && { recipe }), set: settings }),
        seeds: seeds ?? context.profile.seeds,
        cell,
      };
    }),
  );
}

type Grid = NonNullable<Profile["grid"]>;

function gridRows(context: Context, { axis, values, series }: Grid): StudyRow[] {
  if (axis in context.settings) {
    throw new InputError(
      `${option("set", axis)}: the study goes through its values; received one; expected ${option("only", `${axis}=VALUE`)}`,
    );
  }
  return series.flatMap((one) => values.map((value) => gridRow(context, axis, value, one)));
}

function gridRow(context: Context, axis: string, value: number, { paper, ...series }: Series): StudyRow {
  const name = `${series.name}, ${axis} ${value}`;
  const point = paper?.points.find(([at]) => at === value);
  return {
    name,
    slug: slugOf(name),
    recipe: recipeOf(context, { ...series, name, set: { ...series.set, [axis]: value } }),
    ...(paper && point && { paper: { testAccuracy: point[1], source: paper.source } }),
    series: series.name,
    at: value,
    seeds: context.profile.seeds,
  };
}

/** What a search holds out to compare trials by, unless the recipe says. */
const heldOut = 0.1;

function trialRows(context: Context, { trials, seed, ranges }: Search): StudyRow[] {
  const set = Object.keys(ranges).find((key) => key in context.settings);
  if (set !== undefined) throw new InputError(`${option("set", set)}: the study draws its values; received one`);
  return Array.from({ length: trials }, (_, i) => {
    const name = `trial ${i + 1}`;
    const drawn = Object.fromEntries(
      Object.entries(ranges).map(([key, range]) => [key, drawValue(key, range, i, seed)]),
    );
    const recipe = recipeOf(context, { name, set: drawn });
    const tried = withoutForeignKeys({ valFraction: heldOut, ...recipe });
    return { name, slug: slugOf(name), recipe: tried, seeds: context.profile.seeds, drawn };
  });
}

/**
 * The base recipe, the profile's keys, the row's, the width rule, the user's: the later ones win, and null unsets. The rule
 * follows the width that comes out in the end. Keys that rows share count where the row's method has them.
 */
function recipeOf({ profile, folder, data, settings }: Context, row: Row): Settings {
  const file = row.recipe ?? profile.recipe;
  const base = file === undefined ? {} : readRecipeFile(resolve(folder, file));
  const objective = withoutNulls({ ...base, ...profile.set, ...row.set, ...settings }).objective;
  const shared = (keys: Settings) => (objective === undefined ? keys : withoutForeignKeys({ ...keys, objective }));
  const own = withoutNulls({ ...shared({ ...base, ...profile.set }), ...row.set });
  const { width = 64 } = withoutNulls({ ...own, ...settings });
  const ruled = row.widthRule === undefined ? {} : widthRule(row.widthRule, Number(width));
  const given = isBuiltIn(own.data) ? {} : dataOf(row, data);
  return withoutNulls({ ...own, ...ruled, ...given, ...shared(settings) });
}

const withoutNulls = (values: Settings): Settings =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

/** The row's own folder of the data given: that itself, where it has the name, else one inside it. */
function dataOf(row: Row, data: string | undefined): Settings {
  if (data === undefined) return {};
  const isOwn = row.data === undefined || basename(resolve(data)) === row.data;
  return { data: isOwn ? resolve(data) : join(resolve(data), row.data ?? "") };
}

/** Whether data is drawn by the package: nobody has to give it. */
export const isBuiltIn = (data: unknown) => typeof data === "string" && shapesNamed(data) !== null;

/** @throws InputError for a row without data, or whose data folder does not exist. */
export function requireData({ name, recipe: { data } }: StudyRow): void {
  if (data === undefined)
    throw new InputError(`${name}: no data; expected ${option("data", "DIR")}, such as cifar-10-batches-bin`);
  if (isBuiltIn(data) || existsSync(String(data))) return;
  throw new InputError(
    `${name}: received data ${data}, which does not exist; expected ${option("data", "DIR")} that holds it, or ${option("only")}`,
  );
}
