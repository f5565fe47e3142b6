// The epoch from which a run's targets move.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Recipe } from "../../../runs/index.js";
import { neverStarts } from "../../../training/start/given-start.js";

const state = z.looseObject({ progress: z.looseObject({ startEpoch: z.int().nullable() }) });

/** As the recipe has it, else as it was detected; null before that, where they never do, and for methods without targets. */
export function startEpochOf(run: string, recipe: Recipe): number | null {
  const { startEpoch } = recipe as { readonly startEpoch?: number | "auto" };
  if (typeof startEpoch === "number") return startEpoch;
  return startEpoch === "auto" ? detectedStart(run) : null;
}

/** As the newest checkpoint has it, without reading its tensors. */
function detectedStart(run: string): number | null {
  try {
    const text = readFileSync(join(run, "checkpoint", "last", "state.json"), "utf8");
    const { startEpoch } = state.parse(JSON.parse(text)).progress;
    return startEpoch === neverStarts ? null : startEpoch;
  } catch {
    return null;
  }
}
