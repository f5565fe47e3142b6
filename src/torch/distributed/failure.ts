// Why a rank has ended: left in the store by the rank or its launcher, for the others to log.
import { sharedStore } from "./store.js";

const key = "selfadapt/failed";

/** The first reason stays; nothing is reported where the store is gone. */
export function reportFailure(text: string): void {
  try {
    if (!sharedStore.has(key)) sharedStore.set(key, text);
  } catch {
    // The store ends with the process that serves it.
  }
}

/** The reason that was reported; null without one. */
export function reportedFailure(): string | null {
  try {
    return sharedStore.has(key) ? sharedStore.get(key) : null;
  } catch {
    return null;
  }
}
