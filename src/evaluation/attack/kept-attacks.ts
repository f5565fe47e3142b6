// The attacks that a run's folder has the results of, for its report.

import { attackFolders, readGallery, readResult } from "./folder.js";
import type { AttackResult } from "./result.js";
import type { AttackSeries } from "./series.js";
import { readSeries } from "./series.js";

/** The attacks that a run's folder has the results of. */
export interface AttackResults {
  readonly results: readonly AttackResult[];
  readonly series: readonly AttackSeries[];
  /** The gallery of one of them: pixels from 0 to 1, an image an array, as it is and attacked by turns. */
  readonly pictures: {
    readonly result: AttackResult;
    readonly values: readonly Float32Array[];
    /** Of an image: channels, height, width. */
    readonly shape: readonly number[];
  } | null;
}

/** Attacks and series that are done, by the names of their folders, and the pictures of one of them. */
export function readAttacks(run: string): AttackResults {
  const folders = attackFolders(run);
  const done = folders.flatMap((folder) => {
    const result = readResult(folder);
    return result === null ? [] : [{ folder, result }];
  });
  const series = folders.flatMap((folder) => readSeries(folder) ?? []);
  const chosen = done.filter(({ result }) => result.gallery.length > 0).sort(byStrength)[0];
  return {
    results: done.map(({ result }) => result),
    series,
    pictures: chosen === undefined ? null : { result: chosen.result, ...readGallery(chosen.folder, chosen.result) },
  };
}

type Done = { readonly result: AttackResult };

/** Latest weights first, then the strongest attack. */
function byStrength({ result: a }: Done, { result: b }: Done): number {
  return b.epoch - a.epoch || a.robustAccuracy - b.robustAccuracy;
}
