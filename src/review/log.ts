// The log of a review: review.jsonl in the run folder, a line an action, only ever appended to.
import { randomUUID } from "node:crypto";
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { ZodError } from "zod";
import { withWriteErrors } from "../atomic-files.js";
import { didYouMean, InputError } from "../errors.js";
import { actionKeys, parseAction, type ReviewAction, type ReviewActionInput } from "./actions.js";

/** The log in a run folder. */
export const reviewFile = (run: string) => join(run, "review.jsonl");

/** The actions of a log, in the order of the file, and notes on lines that were left out. */
export interface ReviewLog {
  readonly actions: readonly ReviewAction[];
  readonly notes: readonly string[];
}

/** An action that is still to be written: its id and time are set as it is. */
export type NewAction = DistributiveOmit<ReviewActionInput, "id" | "time">;

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

/**
 * Reads the log of a run; without one there are no actions. A line that was cut off while it was written (the disk was full,
 * the power failed) is left out with a note.
 * @throws InputError naming a line that is no JSON object, or no action.
 */
export function readReview(run: string): ReviewLog {
  const file = reviewFile(run);
  if (!existsSync(file)) return { actions: [], notes: [] };
  const lines = readFileSync(file, "utf8")
    .replace(/^\uFEFF/, "")
    .split("\n");
  const notes: string[] = [];
  const actions = lines.flatMap((line, i): ReviewAction[] => {
    if (line.trim() === "") return [];
    const value = parseJson(line);
    if (value !== undefined) return [checkedAction(value, file, i + 1)];
    if (!isCutOff(line)) throw new InputError(`${file}, line ${i + 1} is not JSON: ${line.trim().slice(0, 80)}`);
    notes.push(`${file}: line ${i + 1} was cut off while it was written and is left out`);
    return [];
  });
  return { actions, notes };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Whether a line ends within a text or an object that it begins. */
function isCutOff(line: string): boolean {
  const structure = line.replace(/"(?:[^"\\]|\\.)*"/g, "");
  const count = (mark: string) => structure.split(mark).length - 1;
  return structure.includes('"') || count("{") > count("}");
}

function checkedAction(value: unknown, file: string, line: number): ReviewAction {
  try {
    return parseAction(value, `line ${line}`);
  } catch (error) {
    throw new InputError(`${file}, line ${line}: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof ZodError)) throw error;
  const [issue] = error.issues;
  if (issue?.code === "unrecognized_keys") {
    const key = String(issue.keys[0]);
    return `unknown key "${key}"${didYouMean(key, actionKeys)}`;
  }
  return `${issue?.path.join(".") || "action"}: ${issue?.message}`;
}

/**
 * Appends an action and returns it as written, once it is on the disk. Of several processes that append at the same time none
 * loses a line: each line is one write at the end of the file.
 * @throws InputError for an action that is not valid, and where it cannot be written.
 */
export function appendReview(run: string, action: NewAction): ReviewAction {
  const file = reviewFile(run);
  const full = checkedNew({ ...action, id: randomUUID(), time: new Date().toISOString() });
  withWriteErrors(file, () => {
    const isNew = !existsSync(file);
    withOpen(file, "a+", (opened) => appendLine(opened, JSON.stringify(full)));
    if (isNew) withOpen(dirname(file), "r", fsyncSync);
  });
  return full;
}

function checkedNew(action: unknown): ReviewAction {
  try {
    return parseAction(action, "");
  } catch (error) {
    throw new InputError(`the verdict cannot be recorded: ${reasonOf(error)}`);
  }
}

/** In one write, so that lines of several processes do not mix; on a new line where the last one was cut off. */
function appendLine(file: number, line: string): void {
  const bytes = new TextEncoder().encode(`${endsInLine(file) ? "" : "\n"}${line}\n`);
  const written = writeSync(file, bytes);
  if (written < bytes.length) throw Object.assign(new Error("cut off"), { code: "ENOSPC" });
  fsyncSync(file);
}

function endsInLine(file: number): boolean {
  const { size } = fstatSync(file);
  const last = new Uint8Array(1);
  return size === 0 || readSync(file, last, 0, 1, size - 1) === 0 || last[0] === 0x0a;
}

function withOpen(path: string, flags: string, action: (file: number) => void): void {
  const file = openSync(path, flags);
  try {
    action(file);
  } finally {
    closeSync(file);
  }
}
