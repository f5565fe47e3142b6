// Trains again on the verdicts: the corrected data, without the samples left out, and with the confirmed labels pinned.
import { join } from "node:path";
import type { z } from "zod";
import { layoutOptions } from "../../../options/index.js";
import { type Recipe, readRunRecipe } from "../../../runs/index.js";
import type { retrain } from "../../api.js";
import { writeOrigin } from "../review/carry-over.js";
import type { FoundRun } from "../runs/find-runs.js";
import { type CorrectedFiles, writeCorrected } from "./review-files.js";
import { type Compute, startRun } from "./start.js";

/** Keys that say where labels come from: the corrected data has them all. */
const labelKeys = ["noise", "labels", "pinned"];
/** Keys that say how data is read and split: a manifest says so itself. */
const dataKeys = [...labelKeys, "data", "format", "limitTrain", "testFraction", ...Object.keys(layoutOptions)];

type Request = z.output<typeof retrain>;

/** Starts a run by the reviewed run's recipe on its corrected data; gives its id. @throws RequestError where the run cannot begin. */
export async function retrainRun(
  root: string,
  { path }: FoundRun,
  request: Request,
  compute: Compute,
): Promise<string> {
  const files = await writeCorrected(compute.built, path);
  const recipe = retrainRecipe(readRunRecipe(path).recipe, files, request);
  const id = await startRun(root, recipe, compute, `${path}-reviewed`);
  writeOrigin(join(root, id), path);
  return id;
}

/** The recipe of the second run. */
export function retrainRecipe(
  recipe: Recipe,
  { manifest, pinned: confirmed, listsFiles }: CorrectedFiles,
  { pinned, epochs = recipe.epochs }: Request,
): Record<string, unknown> {
  const left = listsFiles ? dataKeys : labelKeys;
  const kept = Object.fromEntries(Object.entries(recipe).filter(([key]) => !left.includes(key)));
  const data = listsFiles ? { data: manifest } : { labels: manifest };
  return { ...kept, ...data, ...(pinned && { pinned: confirmed }), epochs };
}
