// The data of a run that was begun before: read again, and the same as then.
import type { DataSet } from "../data/index.js";
import { InputError } from "../errors.js";
import { type Prepared, prepare } from "./prepare.js";
import type { RunRecipe } from "./run-folder.js";

/** Where a run's data is now, where that is not what its recipe says. */
export interface DataNow {
  readonly data?: string | undefined;
  readonly dataSet?: DataSet | undefined;
  /** All of it, prepared already. */
  readonly prepared?: Prepared | undefined;
}

/**
 * Prepares the data of a run as it was when the run began.
 * @param asker what the user asked for, at the head of a refusal
 * @throws InputError when the data, the classes or the labels are not what the run began with.
 */
export async function prepareAgain(
  run: string,
  { recipe, facts }: RunRecipe,
  { data = recipe.data, dataSet, prepared }: DataNow,
  asker: string,
): Promise<Prepared> {
  const now = prepared ?? (await prepare({ ...recipe, data }, dataSet));
  const requireSame = (what: string, is: string, was: string) => {
    if (is === was) return;
    throw new InputError(`${asker}: ${what}: received ${is}; the run in ${run} was begun with ${was}`);
  };
  requireSame("the classes", now.classes.join(", "), facts.classes.join(", "));
  requireSame("the data's fingerprint", now.fingerprint, facts.fingerprint);
  requireSame("the training labels' fingerprint", now.labelsFingerprint, facts.labelsFingerprint);
  return now;
}
