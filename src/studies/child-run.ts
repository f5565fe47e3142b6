// One run as a process of its own, by the command `train`: several fill the cores better than one.
import { spawn } from "node:child_process";
import { isBegun, type PlannedRun, recipeFileOf, writeRecipe } from "./planned-runs.js";

export interface ChildOptions {
  /** The command's own script. */
  readonly main: string;
  readonly threads: number | undefined;
  /** Asks the run to save and stop. */
  readonly signal: AbortSignal;
}

export type Outcome =
  | { readonly kind: "finished" }
  | { readonly kind: "stopped" }
  /** With the last line that it said. */
  | { readonly kind: "failed"; readonly reason: string };

function words(run: PlannedRun, threads: number | undefined): string[] {
  const begun = isBegun(run) ? ["--resume", "--data", String(run.recipe.data)] : [recipeFileOf(run)];
  const limit = threads === undefined ? [] : ["--threads", String(threads)];
  return ["train", ...begun, "--out", run.folder, ...limit, "--json"];
}

/**
 * Trains a run to its end, or on from where it stopped.
 *
 * The child is the leader of its own process group, so that Ctrl-C in a terminal reaches it once only, through the signal:
 * a second one would end it unsaved. Should this process die, the child's next line finds no reader and ends it too.
 */
export function trainInChild(run: PlannedRun, { main, threads, signal }: ChildOptions): Promise<Outcome> {
  writeRecipe(run);
  const child = spawn(process.execPath, [main, ...words(run, threads)], {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const stop = () => child.kill("SIGINT");
  const end = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  process.once("exit", end);
  let said = "";
  child.stderr.on("data", (text) => {
    said = (said + text).slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, killedBy) => {
      signal.removeEventListener("abort", stop);
      process.off("exit", end);
      resolve(outcomeOf(status, killedBy, said, signal.aborted));
    });
  });
}

function outcomeOf(status: number | null, killedBy: string | null, said: string, stopping: boolean): Outcome {
  if (status === 0) return { kind: "finished" };
  if (stopping && (status === 130 || killedBy === "SIGINT")) return { kind: "stopped" };
  const line = said
    .trimEnd()
    .split("\n")
    .at(-1)
    ?.replace(/^error: /, "");
  return { kind: "failed", reason: line || `it ended by ${killedBy ?? `status ${status}`}` };
}
