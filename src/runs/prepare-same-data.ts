// Reads the data of an earlier run again and checks that it has not changed.
import type { DataSet } from "../data/index.js";
import { InputError } from "../errors.js";
import { type Prepared, prepare } from "./prepare.js";
import type { RunRecipe } from "./run-folder.js";

/** Where a run's data is now, if it has moved. */
export interface DataLocation {
  readonly data?: string | undefined;
  readonly dataSet?: DataSet | undefined;
  /** All of it, prepared already. */
  readonly prepared?: Prepared | undefined;
}

/**
 * Prepares the data of a run as it was when the run began.
 * @param purpose the requested action, which begins the error message
 * @throws InputError when the data, the classes or the labels have changed since the run started.
 */
export async function prepareSameData(
  run: string,
  { recipe, resolved }: RunRecipe,
  { data = recipe.data, dataSet, prepared }: DataLocation,
  purpose: string,
): Promise<Prepared> {
  const current = prepared ?? (await prepare({ ...recipe, data }, dataSet));
  const requireSame = (what: string, received: string, expected: string) => {
    if (received === expected) return;
    throw new InputError(`${purpose}: ${what}: received ${received}; the run in ${run} was started with ${expected}`);
  };
  requireSame("the classes", current.classes.join(", "), resolved.classes.join(", "));
  requireSame("the data's fingerprint", current.fingerprint, resolved.fingerprint);
  requireSame("the training labels' fingerprint", current.labelsFingerprint, resolved.labelsFingerprint);
  return current;
}
