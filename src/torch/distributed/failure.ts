// Why a rank has ended: told by itself or its launcher in the store, for the others to report.
import { sharedStore } from "./store.js";

const key = "selfadapt/failed";

/** The first reason stays; nothing is told where the store is gone. */
export function tellFailure(text: string): void {
  try {
    if (!sharedStore.has(key)) sharedStore.set(key, text);
  } catch {
    // The store ends with the process that serves it.
  }
}

/** The reason that was told; null without one. */
export function failureTold(): string | null {
  try {
    return sharedStore.has(key) ? sharedStore.get(key) : null;
  } catch {
    return null;
  }
}
