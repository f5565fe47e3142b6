// A part of the training samples, for a short run.
import { randomFrom } from "../random.js";
import type { DataSet } from "../types.js";
import { membersOf } from "./class-members.js";

/** The training samples to use, ascending, and notes on the choice. */
export interface Limited {
  readonly indices: Int32Array;
  readonly notes: readonly string[];
}

/**
 * The first `count` training samples in the order of the data set; of folders, whose order is that of their names, `count`
 * drawn by the seed, of each class in proportion. Samples for validation are kept beside them.
 */
export function limitTraining(data: DataSet, count: number | undefined, seed: number): Limited {
  const every = Int32Array.from(data.train.labels.keys());
  const validation = new Set(data.validation);
  const training = every.filter((i) => !validation.has(i));
  if (count === undefined || count >= training.length) return { indices: every, notes: [] };
  const chosen = data.format === "folders" ? drawn(data, training, count, seed) : training.subarray(0, count);
  const indices = Int32Array.from([...chosen, ...validation]).sort();
  return { indices, notes: noteOn(data, chosen, training.length) };
}

/** `count` of the samples, of each class in proportion: each class shuffled. */
function drawn({ train, classes }: DataSet, training: Int32Array, count: number, seed: number): Int32Array {
  const labels = training.map((i) => train.labels[i] as number);
  const unlabeled = Array.from(labels.keys()).filter((i) => (labels[i] as number) < 0);
  const groups = [...membersOf(labels, classes.length), unlabeled];
  const ranked = groups.flatMap((members, label) => {
    const order = randomFrom(seed, "limit", label).sample(members.length, members.length);
    return Array.from(order, (position, rank) => ({
      quantile: (rank + 0.5) / members.length,
      index: members[position] as number,
    }));
  });
  ranked.sort((a, b) => a.quantile - b.quantile || a.index - b.index);
  return Int32Array.from(ranked.slice(0, count), ({ index }) => training[index] as number);
}

function noteOn({ train, classes, format }: DataSet, chosen: Int32Array, samples: number): string[] {
  const present = new Set(chosen.map((i) => train.labels[i] as number)).size;
  const lost = present < classes.length ? `, which have ${present} of ${classes.length} classes` : "";
  if (format === "folders")
    return [
      `${chosen.length} of ${samples} training samples were drawn by the seed, of each class in proportion${lost}`,
    ];
  return lost === "" ? [] : [`the first ${chosen.length} of ${samples} training samples are used${lost}`];
}
