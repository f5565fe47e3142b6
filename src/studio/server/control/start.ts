// Starts and resumes runs.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { stringify } from "yaml";
import { writeFileAtomic } from "../../../atomic-files.js";
import { claimNumbered, runStem } from "../../../runs/free-run-folder.js";
import { readRunLock } from "../../../runs/lock/lock.js";
import { commandOf } from "../../../runs/methods-of-commands.js";
import { parseRecipe } from "../../../runs/recipe/schema.js";
import { isRun, readRunRecipe } from "../../../runs/run-folder.js";
import { RequestError } from "../../../serving/index.js";
import type { FoundRun } from "../runs/find-runs.js";
import { whyNotResume } from "../runs/run-details.js";
import { stateOf } from "../runs/run-status.js";
import { startTraining } from "./train-process.js";

/** What this server was given for all that it computes. */
export interface Compute {
  /** The folder of the built package. */
  readonly built: string;
  readonly threads?: number | undefined;
}

const threadWords = (threads: number | undefined) => (threads === undefined ? [] : ["--threads", String(threads)]);

/**
 * Starts a run in a new folder below the runs folder; gives its id once its recipe is resolved.
 * @param stem the folder's path without its number (default: by data and method)
 * @throws InputError for a recipe that is not valid; RequestError where the run cannot begin.
 */
export async function startRun(
  root: string,
  input: Record<string, unknown>,
  compute: Compute,
  stem?: string,
): Promise<string> {
  const { objective, data } = parseRecipe(input);
  const run = claimNumbered(stem ?? runStem(data, objective, root));
  const folder = mkdtempSync(join(tmpdir(), "selfadapt-studio-"));
  const recipe = join(folder, "recipe.yaml");
  try {
    writeFileAtomic(recipe, stringify(input));
    const words = [commandOf(objective), recipe, "--out", run, ...threadWords(compute.threads)];
    await startTraining(compute.built, words, run, () => isRun(run));
    return relative(root, run).split(sep).join("/");
  } catch (error) {
    if (!isRun(run)) rmSync(run, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resumes a run with the threads that it was started with. @throws RequestError where it cannot be. */
export async function resumeRun({ id, path }: FoundRun, { built }: Compute): Promise<string> {
  const reason = whyNotResume(path, stateOf(path));
  if (reason !== null) throw new RequestError(409, `${id} cannot be resumed: ${reason}`);
  const { recipe, resolved } = readRunRecipe(path);
  const words = [commandOf(recipe.objective), "--resume", "--out", path, ...threadWords(resolved.threads)];
  await startTraining(built, words, path, () => readRunLock(path)?.stale === false);
  return `${id} is resumed`;
}
