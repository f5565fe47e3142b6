// Everything about one sample.
import type { z } from "zod";
import { readRunRecipe } from "../../../runs/run-folder.js";
import type { queueItem, sampleDetails } from "../../api.js";
import { guessNames } from "../evidence/evidence-files.js";
import type { Evidence, LoadedPart } from "../evidence/loaded.js";
import { startEpochOf } from "../runs/start-epoch.js";
import { nearestOfClass } from "./nearest.js";
import { sizeOf } from "./picture.js";
import { targetRuleOf, trajectoryOf } from "./trajectory.js";

type Details = z.output<typeof sampleDetails>;

const neighborCount = 4;
/** Classes that a page shows the probabilities of. */
const mostBeliefs = 20;

/** What is known of a sample beside its line of a queue. */
export async function detailsOf(
  evidence: Evidence,
  part: LoadedPart,
  row: number,
): Promise<Omit<Details, keyof z.output<typeof queueItem>>> {
  const nearest = (label: number) =>
    label < 0 ? [] : nearestOfClass(evidence, part, row, { label, count: neighborCount });
  const sample = part.samples[row]!;
  const { recipe } = readRunRecipe(evidence.run);
  const rule = targetRuleOf(recipe, startEpochOf(evidence.run, recipe));
  const disagrees = part.disagrees[row]!;
  return {
    beliefs: beliefsOf(evidence.classes, part, row),
    guess: guessNames[part.guess[row]!] ?? null,
    ...(await sizeOf(evidence, part, row)),
    nearestGiven: nearest(part.given[row]!),
    nearestSuggested: nearest(part.suggested[row]!),
    trajectory: part.part === "test" ? [] : trajectoryOf(evidence, sample, rule, part.target[row]!),
    disagreesFrom: disagrees < 0 ? null : disagrees,
  };
}

function beliefsOf(classes: readonly string[], part: LoadedPart, row: number): Details["beliefs"] {
  const probabilities = part.beliefs().subarray(row * classes.length, (row + 1) * classes.length);
  const ranked = classes.map((label, i) => ({ label, probability: probabilities[i]! }));
  return ranked.sort((a, b) => b.probability - a.probability).slice(0, mostBeliefs);
}
