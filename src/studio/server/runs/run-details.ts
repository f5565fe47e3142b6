// Everything about one run but its curves.
import { hostname } from "node:os";
import type { z } from "zod";
import { countHistory } from "../../../runs/files/history-files.js";
import { readNotes } from "../../../runs/files/step-files.js";
import { commandOf } from "../../../runs/methods-of-commands.js";
import { isFinished, readRunRecipe, readSummary } from "../../../runs/run-folder.js";
import type { runDetails } from "../../api.js";
import type { FoundRun } from "./find-runs.js";
import { readEntry } from "./run-entry.js";
import { hasCheckpoint, type RunState, stateOf } from "./run-status.js";

/** @throws InputError where the run's files are damaged. */
export function readDetails(found: FoundRun): z.output<typeof runDetails> {
  const { path } = found;
  const { recipe, resolved } = readRunRecipe(path);
  const state = stateOf(path);
  return {
    ...readEntry(found),
    recipe: { ...recipe },
    summary: isFinished(path) ? { ...readSummary(path) } : null,
    classes: [...resolved.classes],
    pid: state.holder?.pid ?? null,
    host: state.holder?.host ?? null,
    started: state.holder?.started ?? null,
    whyNot: { stop: whyNotStop(state), resume: whyNotResume(path, state), review: whyNotReview(path) },
    notes: readNotes(path).map(({ text }) => text),
  };
}

/** Null where the run's process can be stopped: it is one of this user on this machine. */
export function whyNotStop({ status, holder }: RunState): string | null {
  if (status !== "running" || holder === null) return "it is not running";
  if (holder.host !== hostname()) return `it runs on another machine, ${holder.host}`;
  if (holder.pid <= 1 || holder.pid === process.pid) return "its lock names no process of a run";
  try {
    process.kill(holder.pid, 0);
    return null;
  } catch {
    return `its process ${holder.pid} is gone, or another user's`;
  }
}

export function whyNotResume(run: string, { status }: RunState): string | null {
  if (status === "running") return "it is running";
  if (status === "finished") return "it is finished";
  if (!hasCheckpoint(run)) return "it ended before its first checkpoint";
  return isOnDisk(run) ? null : "it was trained on data in memory";
}

export function whyNotReview(run: string): string | null {
  if (!isOnDisk(run)) return "it was trained on data in memory";
  if (commandOf(readRunRecipe(run).recipe.objective) === "pretrain") return "it was pretrained, without labels";
  if (!hasCheckpoint(run)) return "it has no checkpoint yet";
  return countHistory(run) === 0 ? "no epoch is finished" : null;
}

const isOnDisk = (run: string) => readRunRecipe(run).recipe.data !== "(in memory)";
