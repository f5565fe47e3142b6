// What has happened to a run since a cursor, as events.
import { join } from "node:path";
import { linesOf, type NoteLine, notesFile, type StepLine, stepsFile } from "../../../runs/files/step-files.js";
import { type Cursor, start } from "./cursor.js";
import { readOn } from "./tail.js";

export interface RunEvent {
  readonly name: "epoch" | "step" | "note" | "reset" | "status" | "machine" | "noise";
  readonly data: unknown;
}

/** The events after a cursor, and the cursor after them; all events again, after a `reset`, where a file was cut off. */
export function changesSince(
  run: string,
  cursor: Cursor,
): { readonly events: readonly RunEvent[]; readonly cursor: Cursor } {
  const read = {
    metrics: readOn(join(run, "metrics.jsonl"), cursor.metrics),
    steps: readOn(stepsFile(run), cursor.steps),
    notes: readOn(notesFile(run), cursor.notes),
  };
  if (Object.values(read).some(({ restarted }) => restarted)) {
    const again = changesSince(run, start);
    return { events: [{ name: "reset", data: null }, ...again.events], cursor: again.cursor };
  }
  const epochs = linesOf<object>(read.metrics.lines.join("\n"));
  const steps = linesOf<StepLine>(read.steps.lines.join("\n"));
  const notes = linesOf<NoteLine>(read.notes.lines.join("\n"));
  const events: RunEvent[] = [
    ...(steps.length === 0 ? [] : [{ name: "step" as const, data: steps }]),
    ...epochs.map((data) => ({ name: "epoch" as const, data })),
    ...notes.map(({ level, text }) => ({ name: "note" as const, data: { level, text } })),
  ];
  const { metrics, steps: s, notes: n } = read;
  return { events, cursor: { metrics: metrics.position, steps: s.position, notes: n.position } };
}
