// The epoch from which a run's targets move.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Recipe } from "../../../runs/index.js";
import { halfwayStart, neverStarts } from "../../../training/start/given-start.js";

const state = z.looseObject({ progress: z.looseObject({ epoch: z.int(), startEpoch: z.int().nullable() }) });

/** As the recipe has it, else as it was detected; null before that, where they never do, and for methods without targets. */
export function startEpochOf(run: string, recipe: Recipe): number | null {
  const { startEpoch } = recipe as { readonly startEpoch?: number | "auto" };
  if (typeof startEpoch === "number") return startEpoch;
  return startEpoch === "auto" ? detectedStart(run, recipe.epochs) : null;
}

/** As the newest checkpoint has it, without reading its tensors; half of training where no samples are held out to detect it. */
function detectedStart(run: string, epochs: number): number | null {
  try {
    const text = readFileSync(join(run, "checkpoint", "last", "state.json"), "utf8");
    const { startEpoch, epoch } = state.parse(JSON.parse(text)).progress;
    if (startEpoch === neverStarts) return null;
    if (startEpoch !== null || epoch === 0 || existsSync(join(run, "held-out"))) return startEpoch;
    return halfwayStart(epochs);
  } catch {
    return null;
  }
}
