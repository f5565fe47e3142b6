// The training data of a run with its suspect labels corrected, as `train` reads it.
import { InputError } from "../../../errors.js";
import { option } from "../../../options/index.js";
import { type LabeledData, manifestText } from "../../../review/index.js";

export interface CorrectedManifest {
  /** The manifest; its paths are relative to its folder. */
  readonly file: string;
  readonly action: "drop" | "relabel";
  /** The new label of each training sample to correct, null to leave it out. */
  readonly changes: ReadonlyMap<number, string | null>;
  readonly data: LabeledData;
}

/**
 * The text of a manifest of (file, label, split) with the test set, for data in files; for other data, of an `index,label`
 * list for `--labels`, in which samples to leave out have no label.
 * @throws InputError when a class would lose all its samples, and when `train` would read other classes from the manifest.
 */
export function correctedManifest({ file, action, changes, data }: CorrectedManifest): string {
  const { train, classes, leftOut } = data;
  const given = Array.from(train.labels, (label, i) => (label < 0 || leftOut?.has(i) ? null : classes[label]!));
  const labels = given.map((label, i) => (changes.has(i) ? (changes.get(i) as string | null) : label));
  requireEveryClass(new Set(given), new Set(labels), action);
  return manifestText({ file, train: labels }, data);
}

function requireEveryClass(
  before: ReadonlySet<string | null>,
  after: ReadonlySet<string | null>,
  action: string,
): void {
  const lost = [...before].find((name) => !after.has(name));
  if (lost === undefined) return;
  throw new InputError(`${option(action)}: no sample of class "${lost}" would be left; expected a higher P(wrong)`);
}
