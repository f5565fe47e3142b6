// Resuming a run: the options allowed with --resume, and the command to type.
import { basename, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import { parseRecipe, type RecipeKey, readRunRecipe, withAbsolutePaths } from "../../runs/index.js";
import { commandOf } from "../../runs/methods-of-commands.js";
import { quoted } from "./quoted.js";

/** Keys whose `auto` a run records as what it was resolved to. */
const resolvedKeys: ReadonlySet<string> = new Set(["precision", "stream"]);

/**
 * Checks the recipe keys given with --resume: a run is resumed with its own recipe; only the path of its data may change, and its
 * epochs may increase.
 * @throws InputError naming the first option that differs from the run's.
 */
export function requireSameRecipe(run: string, input: Readonly<Record<string, unknown>>): void {
  const { recipe } = readRunRecipe(run);
  const { objective } = input;
  if (objective !== undefined && objective !== recipe.objective) {
    throw new InputError(
      `${option("resume")} uses the run's own recipe, which has objective ${recipe.objective}; received ${option("objective", objective)}`,
    );
  }
  const requested = withAbsolutePaths(parseRecipe({ ...recipe, ...input }));
  const keys = Object.keys(input) as RecipeKey[];
  const isFree = (key: RecipeKey) =>
    key === "data" || key === "epochs" || (resolvedKeys.has(key) && input[key] === "auto");
  const other = keys.find((key) => !isFree(key) && !isDeepStrictEqual(requested[key], recipe[key]));
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

/** What a command that resumes a run must repeat, so that it reads the same data and computes the same digits. */
export interface ResumedWith {
  readonly threads?: number | undefined;
  readonly nproc?: number | undefined;
  readonly skipMissing?: boolean | undefined;
  /** Where the data lies, if it was moved. */
  readonly data?: unknown;
}

/** The command that resumes a run, ready to copy. */
export function resumeCommand(run: string, { threads, nproc, skipMissing, data }: ResumedWith): string {
  const words = [programName(), commandOf(readRunRecipe(run).recipe.objective), "--resume", "--out", quoted(run)];
  if (data !== undefined) words.push("--data", quoted(String(data)));
  if (skipMissing) words.push("--skip-missing");
  if (threads !== undefined) words.push("--threads", String(threads));
  if (nproc !== undefined && nproc > 1) words.push("--nproc", String(nproc));
  return words.join(" ");
}
