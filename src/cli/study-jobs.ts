// How a study shares out a machine among its runs.
import { availableParallelism } from "node:os";

export interface Work {
  /** Runs at a time. */
  readonly jobs: number;
  /** Of each run; undefined leaves it to libtorch. */
  readonly threads: number | undefined;
}

/**
 * A run a core, with one thread each, because small networks wait for each other's threads; on CUDA one run at a time.
 * Given either number, the other follows so that every core has one thread.
 */
export function shareOut(
  { jobs, threads }: { jobs?: number; threads?: number },
  device: string,
  cores = availableParallelism(),
): Work {
  if (device !== "cpu") return { jobs: jobs ?? 1, threads };
  const runs = jobs ?? Math.max(1, Math.floor(cores / (threads ?? 1)));
  return { jobs: runs, threads: threads ?? Math.max(1, Math.floor(cores / runs)) };
}
