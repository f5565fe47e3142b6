// Divides the CPU cores among the runs of a study.
import { availableParallelism } from "node:os";

export interface Work {
  /** Runs at a time. */
  readonly jobs: number;
  /** CPU threads of each run; undefined for libtorch's default. */
  readonly threads: number | undefined;
}

/**
 * One run per core, with one thread each, because small networks do not scale over threads; on CUDA one run at a
 * time. `threads` does not depend on `jobs`, so that a run computes the same digits however many run at the same time.
 */
export function divideCores(
  { jobs, threads }: { readonly jobs?: number | undefined; readonly threads?: number | undefined },
  device: string,
  cores = availableParallelism(),
): Work {
  if (device !== "cpu") return { jobs: jobs ?? 1, threads };
  const each = threads ?? 1;
  return { jobs: jobs ?? Math.max(1, Math.floor(cores / each)), threads: each };
}
