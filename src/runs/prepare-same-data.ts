// Reads the data of an earlier run again and checks that it has not changed.
import { compareFiles, type DataSet, describeChange, partsChanged } from "../data/index.js";
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import { readDataFiles } from "./files/data-files.js";
import { readRecipeData } from "./given-data.js";
import { restoreRecorded, withoutFiles } from "./missing-files.js";
import { type Prepared, prepare } from "./prepare.js";
import type { RunRecipe } from "./run-folder.js";

/** Where a run's data is now, if it has moved. */
export interface DataLocation {
  readonly data?: string | undefined;
  readonly dataSet?: DataSet | undefined;
  /** All of it, prepared already. */
  readonly prepared?: Prepared | undefined;
  /** Go on without the files that are missing, where others are all as they were. */
  readonly skipMissing?: boolean | undefined;
}

/**
 * Prepares the data of a run as it was when the run began.
 * @param purpose the requested action, which begins the error message
 * @throws InputError when the data, the classes or the labels have changed since the run started, naming the files that are
 * missing or new; with `skipMissing` only where more has changed than that files are missing.
 */
export async function prepareSameData(
  run: string,
  { recipe, resolved }: RunRecipe,
  { data = recipe.data, dataSet, prepared, skipMissing = false }: DataLocation,
  purpose: string,
): Promise<Prepared> {
  const now = { recipe: { ...recipe, data }, resolved };
  if (skipMissing && prepared === undefined && dataSet === undefined) {
    const without = await prepareWithoutMissing(run, now);
    if (without !== null) return requireSame(run, now, without, purpose);
  }
  return requireSame(run, now, prepared ?? (await prepare(now.recipe, dataSet)), purpose);
}

/** What must be as it was when the run began. */
type Identity = Pick<Prepared, "classes" | "fingerprint" | "labelsFingerprint" | "dataFiles">;

/** The data itself. @throws InputError where it has changed since the run started, naming the files that are missing or new. */
export function requireSame<Data extends Identity>(
  run: string,
  { resolved }: RunRecipe,
  current: Data,
  purpose: string,
): Data {
  const compare = (what: string, received: string, expected: string) => {
    if (received === expected) return;
    const change = changeOf(run, current);
    throw new InputError(
      `${purpose}: ${what}: received ${received}; the run in ${run} was started with ${expected}${change}`,
    );
  };
  compare("the classes", current.classes.join(", "), resolved.classes.join(", "));
  compare("the data's fingerprint", current.fingerprint, resolved.fingerprint);
  compare("the training labels' fingerprint", current.labelsFingerprint, resolved.labelsFingerprint);
  const [moved] = partsChanged(readDataFiles(run) ?? [], current.dataFiles ?? []);
  if (moved !== undefined) compare(`the part of ${moved.file}`, moved.now, moved.before);
  return current;
}

function changeOf(run: string, { dataFiles }: Identity): string {
  const recorded = readDataFiles(run);
  if (recorded === null || dataFiles === null) return "";
  const { missing } = compareFiles(recorded, dataFiles);
  const advice = missing.length > 0 ? `; ${option("skipMissing")} goes on without the missing files` : "";
  return `; ${describeChange(recorded, dataFiles)}${advice}`;
}

/** The run's data without the files that are missing now; null where none are, or none were recorded. */
async function prepareWithoutMissing(run: string, { recipe, resolved }: RunRecipe): Promise<Prepared | null> {
  const [, height, width] = resolved.sampleShape;
  const sized = recipe.imageSize === undefined && height === width ? { ...recipe, imageSize: height } : recipe;
  const restored = restoreRecorded(run, await readRecipeData(sized, resolved.depthRanges), resolved.classes);
  if (restored === null) return null;
  const { missing, notes } = restored;
  const prepared = await prepare(recipe, restored.data);
  const isThere = (i: number) => !missing.has(prepared.train.files?.[i] ?? "");
  return {
    ...prepared,
    trainIndices: prepared.trainIndices.filter(isThere),
    validationIndices: prepared.validationIndices.filter(isThere),
    test: withoutFiles(prepared.test, missing),
    normalization: resolved.normalization,
    fingerprint: resolved.fingerprint,
    notes: [...prepared.notes, ...notes],
  };
}
