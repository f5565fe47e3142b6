// The epoch from which a run's targets move.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const state = z.looseObject({ progress: z.looseObject({ startEpoch: z.int().nullable() }) });

/** As the newest checkpoint has it, without reading its tensors; null before it is detected, and for methods without targets. */
export function startEpochOf(run: string): number | null {
  try {
    const text = readFileSync(join(run, "checkpoint", "last", "state.json"), "utf8");
    return state.parse(JSON.parse(text)).progress.startEpoch;
  } catch {
    return null;
  }
}
