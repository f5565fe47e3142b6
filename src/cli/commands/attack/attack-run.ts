// What `attack` does once its flags are read: the attack with its progress and signals, or a series of them.
import { InputError } from "../../../errors.js";
import { attackRun, attackSeries } from "../../../evaluation/index.js";
import { checkpointNamed } from "../../../runs/checkpoint.js";
import { setThreads } from "../../../torch/index.js";
import { log, printResult } from "../../shared/output.js";
import { sameCommandResumed } from "../../shared/resume.js";
import type { SharedOptions } from "../../shared/shared-options.js";
import { stopOnSignals } from "../../shared/signals.js";
import { attackProgress } from "./attack-progress.js";
import { attackLines, seriesLines } from "./attack-text.js";

export interface AttackFlags extends SharedOptions {
  readonly data?: string;
  readonly format?: string;
  readonly labels?: string;
  readonly attack?: string;
  readonly norm?: "inf" | "2";
  readonly epsilon?: number;
  readonly epsilons?: readonly number[];
  readonly steps?: number;
  readonly stepSize?: number;
  readonly restarts?: number;
  readonly loss?: string;
  readonly limit?: number;
  readonly batchSize?: number;
  readonly checkpoint?: "last" | "best";
  readonly checkpoints?: readonly [number, number];
  readonly resume: boolean;
  readonly out?: string;
  readonly saveImages?: boolean;
  readonly seed?: number;
  readonly device: string;
  readonly precision?: string;
  readonly kernels?: string;
}

/** @throws InputError for a run, data or settings that cannot be used. */
export async function attackAndTell(run: string, { json, threads, ...flags }: AttackFlags): Promise<void> {
  if (threads !== undefined) setThreads(threads);
  refuseTwoAxes(flags);
  if (flags.checkpoint !== undefined) checkpointNamed(flags.checkpoint);
  const progress = attackProgress();
  const signals = stopOnSignals(() => progress.line("stopping after this batch; once more ends at once"));
  const running = { signal: signals.signal, listener: progress.listener };
  const stopped = (folder: string) => {
    progress.close();
    const resume = sameCommandResumed();
    log(`stopped, and saved; to go on: ${resume}`);
    if (json) printResult(json, { stopped: true, run, folder, resume }, []);
    process.exitCode = signals.status();
  };
  try {
    const { epsilons, checkpoints, ...rest } = flags;
    const options = { ...rest, ...running };
    if (epsilons === undefined && checkpoints === undefined) {
      const { result, folder } = await attackRun(run, options);
      if (result === null) return stopped(folder);
      progress.close();
      for (const warning of result.warnings) log(`warning: ${warning}`);
      return printResult(json, { ...result, run, folder }, attackLines(result, folder));
    }
    const axis = epsilons === undefined ? { epochs: checkpoints as [number, number] } : { epsilons };
    const { results, finished, folder } = await attackSeries(run, { ...options, ...axis });
    if (!finished) return stopped(folder);
    progress.close();
    for (const warning of new Set(results.flatMap(({ warnings }) => warnings))) log(`warning: ${warning}`);
    printResult(json, results, seriesLines(results, folder));
  } finally {
    progress.close();
    signals.release();
  }
}

/** @throws InputError for a curve of two things at once. */
function refuseTwoAxes({ epsilon, epsilons, checkpoint, checkpoints }: Partial<AttackFlags>): void {
  const both = (one: string, other: string) => {
    throw new InputError(`received ${one} and ${other}; expected one of them`);
  };
  if (epsilons !== undefined && epsilon !== undefined) both("--epsilon", "--epsilons");
  if (checkpoints !== undefined && checkpoint !== undefined) both("--checkpoint", "--checkpoints");
  if (epsilons !== undefined && checkpoints !== undefined) both("--checkpoints", "--epsilons");
}
