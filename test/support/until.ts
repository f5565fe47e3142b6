// Waits for a condition that no event announces.
import { setTimeout as wait } from "node:timers/promises";

/** Resolves when the condition holds. It is checked every 10 ms; the test's time limit ends a wait in vain. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await nextTry();
}

/** The time between two tries of something that another process has to be ready for. */
export const nextTry = () => wait(10);
