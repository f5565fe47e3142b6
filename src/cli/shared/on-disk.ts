// Runs whose data is not on disk, which commands cannot read again.
import { InputError } from "../../errors.js";

/** What the recipes of runs name that were trained on data in memory. */
const inMemory = "(in memory)";

/** @throws InputError for a run whose data was made in memory, and is gone. */
export function requireOnDisk(run: string, path: string): void {
  if (path !== inMemory) return;
  throw new InputError(
    `${run} was trained on data in memory: received "${path}"; expected --data DATA, or inspectRun(run, { dataSet }) of the library`,
  );
}
