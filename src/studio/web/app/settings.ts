// What the reader of the page has set, kept by the browser between visits.
import { effect, type Signal, signal } from "@preact/signals";

/** Whether single keys act. */
export const shortcutsOn = stored("shortcuts", true);

/** Who reviews: verdicts carry the name. */
export const reviewer = stored("reviewer", "me");

/** A signal whose value survives a reload; where storage is refused, until the page closes. */
function stored<T>(name: string, initial: T): Signal<T> {
  const key = `selfadapt.${name}`;
  const value = signal(read(key, initial));
  effect(() => write(key, value.value));
  return value;
}

function read<T>(key: string, initial: T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return typeof value === typeof initial ? (value as T) : initial;
  } catch {
    return initial;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or refused: the setting holds for this visit.
  }
}
