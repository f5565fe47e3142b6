// The epoch from which a run's targets move.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Recipe } from "../../../runs/index.js";

const state = z.looseObject({ progress: z.looseObject({ startEpoch: z.int().nullable() }) });

/** As the recipe has it, else as it was detected; null before that, and for methods without targets. */
export function startEpochOf(run: string, recipe: Recipe): number | null {
  const { startEpoch } = recipe as { readonly startEpoch?: number | "auto" };
  return typeof startEpoch === "number" ? startEpoch : detectedStart(run);
}

/** As the newest checkpoint has it, without reading its tensors. */
function detectedStart(run: string): number | null {
  try {
    const text = readFileSync(join(run, "checkpoint", "last", "state.json"), "utf8");
    return state.parse(JSON.parse(text)).progress.startEpoch;
  } catch {
    return null;
  }
}
