// Going on with a run: what may be said along with --resume, and the command to type.
import { basename, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { InputError } from "../../errors.js";
import { flagOf } from "../../options/index.js";
import { parseRecipe, type RecipeKey, readRunRecipe, withWholePaths } from "../../runs/index.js";
import { commandOf } from "./methods-of-commands.js";
import { quoted } from "./quoted.js";

/**
 * Checks what was given along with --resume: a run goes on by its own recipe, and only its data may have moved.
 * @throws InputError naming the first option that differs from the run's.
 */
export function requireOwnRecipe(run: string, input: Readonly<Record<string, unknown>>): void {
  const { recipe } = readRunRecipe(run);
  const asked = withWholePaths(parseRecipe({ ...recipe, ...input }));
  const keys = Object.keys(input) as RecipeKey[];
  const other = keys.find((key) => key !== "data" && !isDeepStrictEqual(asked[key], recipe[key]));
  if (other === undefined) return;
  const is = recipe[other] === undefined ? `has no ${other}` : `has ${other} ${recipe[other]}`;
  throw new InputError(
    `--resume goes on by the run's own recipe, which ${is}; received ${flagOf(other)} ${asked[other]}`,
  );
}

/** How this command was called, for the user to call it again. */
function ownName(): string {
  const script = process.argv[1] ?? "selfadapt";
  if (process.env.npm_command === "exec") return "npx selfadapt";
  if (basename(script) === "selfadapt") return "selfadapt";
  const near = relative(process.cwd(), script);
  return `node ${quoted(near.startsWith("..") ? script : near)}`;
}

/** This very command with `--resume`, ready to be copied. */
export function sameCommandResumed(): string {
  const words = process.argv.slice(2).map(quoted);
  return [ownName(), ...words, ...(words.includes("--resume") ? [] : ["--resume"])].join(" ");
}

/** The command that goes on with a run, ready to be copied; as many threads, so that it computes the same digits. */
export function resumeCommand(run: string, threads: number | undefined): string {
  const sameThreads = threads === undefined ? "" : ` --threads ${threads}`;
  return `${ownName()} ${commandOf(readRunRecipe(run).recipe.objective)} --resume --out ${quoted(run)}${sameThreads}`;
}
