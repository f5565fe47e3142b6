// What the review view shows at first.
import type { z } from "zod";
import { isDecided, type ReviewState } from "../../../review/index.js";
import type { overview, queueName } from "../../api.js";
import type { Evidence, LoadedPart } from "../evidence/loaded.js";
import { auditedSamples } from "./queue.js";

type Queue = z.output<typeof overview>["queues"][number];

/** A label that is more likely wrong than right. */
const suspect = 0.5;

interface Reviewed {
  readonly state: ReviewState;
  readonly notes: readonly string[];
  readonly reviewer: string;
}

/** Counts are of the samples that the reviewer has not decided. */
export function overviewOf(
  evidence: Evidence,
  part: LoadedPart,
  { state, notes, reviewer }: Reviewed,
): z.output<typeof overview> {
  const decisions = state.decisions(part.part, reviewer);
  const isOpen = (sample: number) => !isDecided(decisions.get(sample));
  const suspects = part.samples.filter((sample, row) => part.pWrong[row]! >= suspect && isOpen(sample)).length;
  const queue = (name: z.output<typeof queueName>, title: string, count: number, advice: string): Queue => ({
    name,
    title,
    count,
    advice,
  });
  return {
    parts: evidence.parts.map(({ name, samples }) => ({ name, samples })),
    classes: evidence.classes,
    noiseRate: part.part === "train" ? evidence.noiseRate : null,
    pairs: pairsOf(part, isOpen),
    queues: [
      queue("suspects", "Most suspect labels", suspects, "labels more likely wrong than right come first"),
      ...part.flagged.map(({ name, title, samples, advice }) =>
        queue(name, title, samples.filter(isOpen).length, advice),
      ),
      queue(
        "audit",
        "Random audit",
        auditedSamples(state, part, reviewer).filter(isOpen).length,
        "bounds how many wrong labels are left",
      ),
      queue("all", "All samples", part.samples.filter(isOpen).length, "every sample of the part without a verdict"),
    ],
    notes: [...evidence.notes, ...notes],
    hasMap: evidence.hasMap,
    hasPictures: evidence.pictures[part.part === "test" ? "test" : "train"].kind !== "none",
    version: evidence.data,
  };
}

/** How many open suspects there are of each given class (row) and suggested class (column). */
function pairsOf(
  { classes, samples, given, suggested, pWrong }: LoadedPart,
  isOpen: (sample: number) => boolean,
): number[][] {
  const pairs = classes.map(() => classes.map(() => 0));
  pWrong.forEach((wrong, row) => {
    const counts = pairs[given[row]!];
    const column = suggested[row]!;
    if (wrong >= suspect && counts?.[column] !== undefined && isOpen(samples[row]!)) counts[column]++;
  });
  return pairs;
}
