// Tells a run to stop, whoever began it.
import { RequestError } from "../../../serving/index.js";
import type { FoundRun } from "../runs/find-runs.js";
import { whyNotStop } from "../runs/run-details.js";
import { stateOf } from "../runs/run-status.js";

/** As Ctrl-C does: the run saves after its current step. @throws RequestError where it cannot be signaled. */
export function stopRun({ id, path }: FoundRun): string {
  const state = stateOf(path);
  const reason = whyNotStop(state);
  if (reason !== null || state.holder === null) throw new RequestError(409, `${id} cannot be stopped: ${reason}`);
  process.kill(state.holder.pid, "SIGTERM");
  return `${id} saves after its current step and stops`;
}
