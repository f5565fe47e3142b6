// Runs as processes of their own, by the command `train`, `pretrain` or `attack`: several fill the cores better than one.
import { type ChildProcess, spawn } from "node:child_process";
import { defaultMethod, methodNamed } from "../methods/index.js";
import { isBegun, isTrained, type PlannedRun, recipeFileOf, writeRecipe } from "./planned-runs.js";

export interface ChildOptions {
  /** The script of the command. */
  readonly main: string;
  readonly threads: number | undefined;
  /** The commands that are left to do on a trained run, each as words (default: none). */
  readonly after?: (run: PlannedRun) => readonly (readonly string[])[];
  /** Asks the runs to save and stop. */
  readonly signal: AbortSignal;
}

export type Outcome =
  | { readonly kind: "finished" }
  | { readonly kind: "stopped" }
  /** The last line that it wrote to stderr, or why the process did not start. */
  | { readonly kind: "failed"; readonly reason: string };

export interface Children {
  /** Trains a run to its end, or on from where it stopped, and does what comes after; one that cannot be begun has failed, and nothing is thrown. */
  readonly train: (run: PlannedRun) => Promise<Outcome>;
  readonly release: () => void;
}

/**
 * Trains runs in children until released; the signal stops those under way once, and the end of this process ends them.
 *
 * A child leads a process group of its own, so that Ctrl-C in a terminal reaches it through the signal only: a second one
 * would end it unsaved. Should this process be killed, the channel closes, and the child saves and stops.
 */
export function trainingChildren({ main, threads, after, signal }: ChildOptions): Children {
  const running = new Set<ChildProcess>();
  const killAll = (name: NodeJS.Signals) => {
    for (const child of running) child.kill(name);
  };
  const stop = () => killAll("SIGINT");
  const end = () => killAll("SIGTERM");
  signal.addEventListener("abort", stop);
  process.once("exit", end);
  const command = async (words: readonly string[]) => {
    const limit = threads === undefined ? [] : ["--threads", String(threads)];
    const child = spawn(process.execPath, [main, ...words, ...limit, "--json"], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      detached: true,
    });
    running.add(child);
    return outcomeOf(child, signal).finally(() => running.delete(child));
  };
  const begin = async (run: PlannedRun): Promise<Outcome> => {
    if (after === undefined || !isTrained(run)) {
      writeRecipe(run);
      const trained = await command(trainWords(run));
      if (trained.kind !== "finished") return trained;
    }
    for (const words of after?.(run) ?? []) {
      const outcome = await command(words);
      if (outcome.kind !== "finished") return outcome;
    }
    return { kind: "finished" };
  };
  const train = (run: PlannedRun) =>
    begin(run).catch((error: Error): Outcome => ({ kind: "failed", reason: error.message }));
  const release = () => {
    signal.removeEventListener("abort", stop);
    process.off("exit", end);
  };
  return { train, release };
}

function trainWords(run: PlannedRun): string[] {
  const { data, epochs } = run.recipe;
  const longer = epochs === undefined ? [] : ["--epochs", String(epochs)];
  const begun = isBegun(run) ? ["--resume", "--data", String(data), ...longer] : [recipeFileOf(run)];
  const { family } = methodNamed(String(run.recipe.objective ?? defaultMethod.name));
  const command = family === "self-supervised" ? "pretrain" : "train";
  return [command, ...begun, "--out", run.folder];
}

/** How a child ends. */
function outcomeOf(child: ChildProcess, signal: AbortSignal): Promise<Outcome> {
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    said = (said + text).slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.on("error", (error) => {
      // A child that is there and could not be sent a signal goes on, and is waited for.
      if (child.pid === undefined) reject(error);
    });
    child.on("close", (status, killedBy) => {
      if (status === 0) resolve({ kind: "finished" });
      else if (signal.aborted && (status === 130 || killedBy === "SIGINT")) resolve({ kind: "stopped" });
      else resolve({ kind: "failed", reason: killedBy === null ? lastLine(said) : `ended by ${killedBy}` });
    });
  });
}

const lastLine = (said: string) =>
  said
    .trimEnd()
    .split("\n")
    .at(-1)
    ?.replace(/^error: /, "") ?? "";
