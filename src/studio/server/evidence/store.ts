// The evidence of runs: collected at the first request, kept on disk, the last used ones in memory.
import { RequestError } from "../../../serving/index.js";
import type { FoundRun } from "../runs/find-runs.js";
import { whyNotReview } from "../runs/run-details.js";
import { hasCheckpoint, stateOf } from "../runs/run-status.js";
import { checkpointKey } from "./checkpoint-key.js";
import type { Collect } from "./collector.js";
import { collectedAt, readIndex } from "./evidence-files.js";
import { type Evidence, loadEvidence } from "./loaded.js";

/** Runs whose evidence is in memory. */
const mostLoaded = 2;
/** Milliseconds for which a failure is reported before it is tried again. */
const failureMs = 30_000;

export interface Progress {
  readonly progress: number;
  readonly doing: string;
}

export interface EvidenceStore {
  /**
   * The evidence by the newest checkpoint, for a run in progress by the one that was evaluated before, if any; else how far its
   * collection is, which begins now. @throws RequestError where it cannot be collected.
   */
  get(run: FoundRun): Evidence | Progress;
  /** What has been collected, of whatever checkpoint: a sample has the same number in all. @throws RequestError where nothing has been. */
  collected(run: FoundRun): Evidence;
}

export const isProgress = (evidence: Evidence | Progress): evidence is Progress => "doing" in evidence;

/** Whether it is by the newest checkpoint, or the run is in progress. */
const isCurrent = ({ checkpoint }: Evidence, run: string) =>
  hasCheckpoint(run) && (checkpoint === checkpointKey(run) || stateOf(run).status === "running");

export function createEvidenceStore(collect: Collect): EvidenceStore {
  const loaded = new Map<string, Evidence>();
  const collecting = new Map<string, Progress>();
  const failed = new Map<string, { readonly reason: string; readonly time: number }>();

  function begin(path: string): Progress {
    const first = { progress: 0, doing: "starting" };
    collecting.set(path, first);
    collect(path, (progress, doing) => void collecting.set(path, { progress, doing }))
      .catch(({ message }: Error) => void failed.set(path, { reason: message, time: performance.now() }))
      .finally(() => void collecting.delete(path));
    return first;
  }

  function keep(path: string, evidence: Evidence): Evidence {
    loaded.delete(path);
    loaded.set(path, evidence);
    for (const oldest of [...loaded.keys()].slice(0, -mostLoaded)) loaded.delete(oldest);
    return evidence;
  }

  /** What is on disk or in memory, of whatever checkpoint. */
  function known(path: string): Evidence | null {
    const before = loaded.get(path);
    const time = collectedAt(path);
    if (before !== undefined && before.collected === time) return before;
    const index = readIndex(path);
    return index === null ? null : loadEvidence(path, index, time);
  }

  return {
    get({ id, path }) {
      const evidence = known(path);
      if (evidence !== null && isCurrent(evidence, path)) return keep(path, evidence);
      // Only here: it parses the recipe, and every picture is a request.
      const reason = whyNotReview(path);
      if (reason !== null) throw new RequestError(409, `${id} cannot be reviewed: ${reason}`);
      const failure = failed.get(path);
      if (failure !== undefined && performance.now() - failure.time < failureMs) {
        throw new RequestError(409, `${id} cannot be reviewed: ${failure.reason}`);
      }
      return collecting.get(path) ?? begin(path);
    },
    collected({ id, path }) {
      const evidence = known(path);
      if (evidence === null) throw new RequestError(409, `${id} cannot be reviewed yet: open its review first`);
      return keep(path, evidence);
    },
  };
}
