// Announcements to screen readers: verdicts, errors, the end of a run.
import { signal } from "@preact/signals";

/** The latest announcement; `App` has it in an aria-live region. */
export const announcement = signal("");

/** Announces a line; the same line again is announced again. */
export function announce(text: string): void {
  announcement.value = announcement.value === text ? `${text}\u00a0` : text;
}
