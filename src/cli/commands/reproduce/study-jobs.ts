// How a study shares out a machine among its runs.
import { availableParallelism } from "node:os";

export interface Work {
  /** Runs at a time. */
  readonly jobs: number;
  /** Of each run; undefined leaves it to libtorch. */
  readonly threads: number | undefined;
}

/**
 * A run a core, with one thread each, because the threads of small networks mostly wait for each other; on CUDA one run at a
 * time. The threads do not follow from `jobs`, so that a run computes the same digits however many run beside it.
 */
export function shareOut(
  { jobs, threads }: { readonly jobs?: number | undefined; readonly threads?: number | undefined },
  device: string,
  cores = availableParallelism(),
): Work {
  if (device !== "cpu") return { jobs: jobs ?? 1, threads };
  const each = threads ?? 1;
  return { jobs: jobs ?? Math.max(1, Math.floor(cores / each)), threads: each };
}
