// The labels that a run was trained on, read without its network.
import { existsSync } from "node:fs";
import { type DataSet, filesOf, fingerprint, readNpy } from "../data/index.js";
import { givenData, labelsFingerprint, readRecipeData, withPinned } from "./given-data.js";
import { restoreRecorded } from "./missing-files.js";
import { requireSame } from "./prepare-same-data.js";
import { imageNoiseFile, noiseFile, readRunRecipe } from "./run-folder.js";

export interface RunLabelsOptions {
  /** Where the data is now, if it has moved. */
  readonly data?: string | undefined;
  /** Go on without files of the data that are missing. */
  readonly skipMissing?: boolean | undefined;
}

/** A run's data with the labels that were trained on: after relabeling and noise, samples in the run's order. */
export interface RunLabels extends Pick<DataSet, "classes" | "test" | "validation"> {
  readonly train: Pick<DataSet["train"], "labels" | "files">;
  /** The samples' positions among all training samples of the data. */
  readonly positions: Int32Array;
  /** Samples that the run's labels leave out: theirs are the data's own. */
  readonly leftOut: ReadonlySet<number>;
  /** Samples whose labels were confirmed before the run. */
  readonly pinned: ReadonlySet<number>;
  /** The path that the data was read from. */
  readonly path: string;
  readonly notes: readonly string[];
}

/**
 * Reads a run's data again and its noise from the run folder; needs no engine.
 * @throws InputError when the data, the classes or the labels have changed since the run started.
 */
export async function readRunLabels(run: string, { data, skipMissing = false }: RunLabelsOptions): Promise<RunLabels> {
  const begun = readRunRecipe(run);
  const recipe = { ...begun.recipe, data: data ?? begun.recipe.data };
  const read = await readRecipeData(recipe);
  const restored = skipMissing ? restoreRecorded(run, read, begun.resolved.classes) : null;
  const loaded = restored?.data ?? read;
  const { dataSet, labels: given, positions, notes, ...marked } = await givenData(recipe, loaded);
  const [noise, corrupted] = [await readIntegers(noiseFile(run)), await readIntegers(imageNoiseFile(run))];
  const noisy = given.slice();
  for (let pair = 0; pair < noise.length; pair += 2) noisy[noise[pair]!] = noise[pair + 1]!;
  const labels = withPinned(noisy, marked.pinned);
  const identity = {
    classes: dataSet.classes,
    fingerprint: restored === null ? fingerprint(loaded) : begun.resolved.fingerprint,
    labelsFingerprint: labelsFingerprint(labels, corrupted, marked),
    dataFiles: filesOf(loaded),
  };
  requireSame(run, begun, identity, "reading the run's labels");
  const { classes, train, test, validation } = dataSet;
  const known = { classes, test, ...(validation !== undefined && { validation }) };
  const allNotes = [...notes, ...(restored?.notes ?? [])];
  return {
    ...known,
    train: { labels, ...(train.files && { files: train.files }) },
    positions,
    leftOut: marked.leftOut,
    pinned: new Set(marked.pinned.map(({ index }) => index)),
    path: recipe.data,
    notes: allNotes,
  };
}

/** The integers of an array, row by row; none where there is no such file. */
async function readIntegers(file: string): Promise<Int32Array> {
  return existsSync(file) ? Int32Array.from((await readNpy(file)).data, Number) : new Int32Array();
}
