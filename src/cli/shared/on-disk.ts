// Runs whose data is not on disk, so that commands cannot read it again.
import { InputError } from "../../errors.js";
import { option } from "../../options/index.js";

/** The data path in recipes of runs on data in memory. */
const inMemory = "(in memory)";

/** @throws InputError for a run that was trained on data in memory. */
export function requireOnDisk(run: string, path: string): void {
  if (path !== inMemory) return;
  throw new InputError(
    `${run} was trained on data in memory: received "${path}"; expected ${option("data", "DATA")}, or inspectRun(run, { dataSet }) of the library`,
  );
}
