// What screen readers are told: verdicts, errors, the end of a run.
import { signal } from "@preact/signals";

/** The latest announcement; `App` has it in an aria-live region. */
export const announcement = signal("");
