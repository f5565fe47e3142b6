// What the review view shows at first.
import type { z } from "zod";
import type { ReviewState } from "../../../review/index.js";
import type { overview, queueName } from "../../api.js";
import type { Evidence, LoadedPart } from "../evidence/loaded.js";
import { auditedSamples } from "./queue.js";

type Queue = z.output<typeof overview>["queues"][number];

/** A label that is more likely wrong than right. */
const suspect = 0.5;

export function overviewOf(
  evidence: Evidence,
  part: LoadedPart,
  {
    state,
    notes,
    reviewer,
  }: { readonly state: ReviewState; readonly notes: readonly string[]; readonly reviewer: string },
): z.output<typeof overview> {
  const suspects = part.pWrong.filter((wrong) => wrong >= suspect).length;
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
    pairs: pairsOf(part),
    queues: [
      queue("suspects", "Most suspect labels", suspects, "labels more likely wrong than right come first"),
      ...part.flagged.map(({ name, title, samples, advice }) => queue(name, title, samples.length, advice)),
      queue(
        "audit",
        "Random audit",
        auditedSamples(state, part, reviewer).length,
        "bounds how many wrong labels are left",
      ),
      queue("all", "All samples", part.samples.length, "every sample of the part"),
    ],
    notes: [...evidence.notes, ...notes],
    hasMap: evidence.hasMap,
    hasPictures: evidence.pictures[part.part === "test" ? "test" : "train"].kind !== "none",
    version: evidence.data,
  };
}

/** How many suspects there are of each given class (row) and suggested class (column). */
function pairsOf({ classes, given, suggested, pWrong }: LoadedPart): number[][] {
  const pairs = classes.map(() => classes.map(() => 0));
  pWrong.forEach((wrong, row) => {
    const counts = pairs[given[row]!];
    const column = suggested[row]!;
    if (wrong >= suspect && counts?.[column] !== undefined) counts[column]++;
  });
  return pairs;
}
