// The samples behind findings: the pictures and labels of each part's rows.
import type { Samples } from "../../data/index.js";
import type { RunInspection } from "../../issues/evidence.js";

/** The samples of one part: row i is sample `positions[i]` of `samples`. */
export interface PartSamples {
  readonly samples: Samples;
  readonly positions: Int32Array;
}

/** By the name of the part, as findings have it. */
export type SamplesByPart = ReadonlyMap<string, PartSamples>;

/** All rows of the samples. */
export const everyRow = (samples: Samples): PartSamples => ({
  samples,
  positions: Int32Array.from(samples.labels.keys()),
});

/** The parts of a run's data; nothing is copied. */
export function samplesOfRun({ train, trainIndices, test, unseen }: RunInspection): SamplesByPart {
  const trained = new Set(trainIndices);
  const heldOut = Int32Array.from(train.labels.keys()).filter((i) => !trained.has(i));
  return new Map([
    ["train", { samples: train, positions: trainIndices }],
    ["validation", { samples: train, positions: heldOut }],
    ...(test === null ? [] : [["test", everyRow(test.samples)] as const]),
    ...(unseen === undefined ? [] : [["data", everyRow(unseen.samples)] as const]),
  ]);
}
