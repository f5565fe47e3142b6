// `steps.jsonl` and `notes.jsonl` of a run folder: what a page shows of a run in progress. No figure of the run depends on them.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../../atomic-files.js";

/** A line of `steps.jsonl`: one step of a few thousand, evenly spread over the run. */
export interface StepLine {
  readonly epoch: number;
  readonly step: number;
  /** The mean over the step's samples. */
  readonly loss: number;
  /** Since the line before. */
  readonly imagesPerSecond: number;
}

/** A line of `notes.jsonl`. */
export interface NoteLine {
  /** ISO date. */
  readonly time: string;
  /** error: training ended by it. */
  readonly level: "info" | "warning" | "error";
  readonly text: string;
}

export const stepsFile = (run: string) => join(run, "steps.jsonl");
export const notesFile = (run: string) => join(run, "notes.jsonl");

/** Deletes the lines of steps that will be trained again; a file that cannot be rewritten stays as it is. */
export function truncateSteps(run: string, epoch: number, step: number): void {
  try {
    if (!existsSync(stepsFile(run))) return;
    const kept = linesOf<StepLine>(readFileSync(stepsFile(run), "utf8")).filter(
      (line) => line.epoch < epoch || (line.epoch === epoch && line.step < step),
    );
    writeFileAtomic(stepsFile(run), kept.map((line) => `${JSON.stringify(line)}\n`).join(""));
  } catch {
    // The page shows these steps twice.
  }
}

/** The notes of a run, each text once. */
export function readNotes(run: string): NoteLine[] {
  if (!existsSync(notesFile(run))) return [];
  const notes = linesOf<NoteLine>(readFileSync(notesFile(run), "utf8"));
  return [...new Map(notes.map((note) => [note.text, note])).values()];
}

/** The complete lines that are JSON. */
export function linesOf<T>(text: string): T[] {
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as T];
    } catch {
      return [];
    }
  });
}
