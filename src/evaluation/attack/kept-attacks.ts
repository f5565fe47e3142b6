// The finished attacks in a run folder, for the report.

import { attackFolders, readGallery, readResult } from "./folder.js";
import type { AttackResult } from "./result.js";
import type { AttackSeries } from "./series.js";
import { readSeries } from "./series.js";

/** The finished attacks in a run folder. */
export interface AttackResults {
  readonly results: readonly AttackResult[];
  readonly series: readonly AttackSeries[];
  /** The gallery of one of them: one array per image with pixels from 0 to 1, clean and adversarial images alternating. */
  readonly pictures: {
    readonly result: AttackResult;
    readonly values: readonly Float32Array[];
    /** Of an image: channels, height, width. */
    readonly shape: readonly number[];
  } | null;
}

/** Finished attacks and series by folder name, and the gallery of one of them. */
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
