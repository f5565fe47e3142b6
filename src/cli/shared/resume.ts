// Resuming a run: the options allowed with --resume, and the command to type.
import { basename, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import { parseRecipe, type RecipeKey, readRunRecipe, withAbsolutePaths } from "../../runs/index.js";
import { commandOf } from "../../runs/methods-of-commands.js";
import { quoted } from "./quoted.js";

/**
 * Checks the recipe keys given with --resume: a run is resumed with its own recipe; only the path of its data may change, and its
 * epochs may increase.
 * @throws InputError naming the first option that differs from the run's.
 */
export function requireSameRecipe(run: string, input: Readonly<Record<string, unknown>>): void {
  const { recipe } = readRunRecipe(run);
  const requested = withAbsolutePaths(parseRecipe({ ...recipe, ...input }));
  const keys = Object.keys(input) as RecipeKey[];
  const other = keys.find(
    (key) => key !== "data" && key !== "epochs" && !isDeepStrictEqual(requested[key], recipe[key]),
  );
  if (other === undefined) return;
  const is = recipe[other] === undefined ? `has no ${other}` : `has ${other} ${recipe[other]}`;
  throw new InputError(
    `${option("resume")} uses the run's own recipe, which ${is}; received ${option(other, requested[other])}`,
  );
}

/** How this program was called. */
function programName(): string {
  const script = process.argv[1] ?? "selfadapt";
  if (process.env.npm_command === "exec") return "npx selfadapt";
  if (basename(script) === "selfadapt") return "selfadapt";
  const near = relative(process.cwd(), script);
  return `node ${quoted(near.startsWith("..") ? script : near)}`;
}

/** The same command with `--resume`, ready to copy. */
export function sameCommandResumed(): string {
  const words = process.argv.slice(2).map(quoted);
  return [programName(), ...words, ...(words.includes("--resume") ? [] : ["--resume"])].join(" ");
}

/** The command that resumes a run, ready to copy; with the same number of threads, so that it computes the same digits. */
export function resumeCommand(run: string, threads: number | undefined): string {
  const sameThreads = threads === undefined ? "" : ` --threads ${threads}`;
  return `${programName()} ${commandOf(readRunRecipe(run).recipe.objective)} --resume --out ${quoted(run)}${sameThreads}`;
}
