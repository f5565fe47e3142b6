// The list of runs, and the run of an id.
import { statSync } from "node:fs";
import { RequestError } from "../../../serving/index.js";
import { type FoundRun, findRuns } from "./find-runs.js";
import { type RunEntry, readEntry } from "./run-entry.js";

/** How long the runs found are taken to be all, in milliseconds; a run that is not among them is looked for again. */
const freshMs = 2000;

export interface RunList {
  /** The runs, the last changed first. */
  entries(): RunEntry[];
  /** @throws RequestError with status 404 for an unknown run id. */
  find(id: string): FoundRun;
}

export function createRunList(root: string, deepest: number): RunList {
  let found = new Map<string, FoundRun>();
  let looked = Number.NEGATIVE_INFINITY;
  const look = () => {
    found = new Map(findRuns(root, deepest).map((run) => [run.id, run]));
    looked = performance.now();
  };
  return {
    entries() {
      look();
      return [...found.values()].flatMap(entryOf).sort((a, b) => b.changed - a.changed || (a.id < b.id ? -1 : 1));
    },
    find(id) {
      if (!found.has(id) && performance.now() - looked > freshMs) look();
      const run = found.get(id);
      if (run !== undefined && isFolder(run.path)) return run;
      throw new RequestError(404, `there is no run ${JSON.stringify(id)}`);
    },
  };
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Nothing for a run that is deleted while it is read. */
function entryOf(run: FoundRun): RunEntry[] {
  try {
    return [readEntry(run)];
  } catch {
    return [];
  }
}
