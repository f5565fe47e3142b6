// Tells a run's newest checkpoint from others.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Of its position and the checksums of its files. Throws where there is none. */
export function checkpointKey(run: string): string {
  const state = readFileSync(join(run, "checkpoint", "last", "state.json"));
  return createHash("sha256").update(state).digest("hex").slice(0, 16);
}
