// What the run says about itself: the start of the targets, values that are not finite, a full disk.
import type { NoteEvent, RunDetails } from "../../api.js";

const NAMES: Record<NoteEvent["level"], string> = { info: "Note", warning: "Warning", error: "Error" };

export function Notes({ run, notes }: { run: RunDetails; notes: readonly NoteEvent[] }) {
  const earlier = run.notes.filter((text) => !notes.some((note) => note.text === text));
  const all: readonly NoteEvent[] = [...earlier.map((text) => ({ level: "info" as const, text })), ...notes];
  if (all.length === 0) return null;
  return (
    <section class="card pad" aria-label="Notes" aria-live="polite">
      <h2>Notes</h2>
      <ul class="notes">
        {all.map(({ level, text }) => (
          <li key={text} class={level}>
            <b>{NAMES[level]}</b> {text}
          </li>
        ))}
      </ul>
    </section>
  );
}
