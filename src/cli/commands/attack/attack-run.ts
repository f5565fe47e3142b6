// Runs `attack`: one attack, or a series of them, with progress and signals.
import { InputError } from "../../../errors.js";
import { type AttackRunOptions, attackRun, attackSeries } from "../../../evaluation/index.js";
import { option } from "../../../options/index.js";
import { type distributed, setThreads } from "../../../torch/index.js";
import { inRanks } from "../../shared/open-ranks.js";
import { log, printResult } from "../../shared/output.js";
import { sameCommandResumed } from "../../shared/resume.js";
import { stopOnSignals } from "../../shared/signals.js";
import type { AttackOptions } from "./attack-options.js";
import { attackProgress } from "./attack-progress.js";
import { attackLines, seriesLines } from "./attack-text.js";

/** The result of the command: text and JSON, or the folder of a stopped attack. */
type Outcome =
  | { readonly stopped: string }
  | { readonly result: object; readonly lines: readonly string[]; readonly warnings: readonly string[] };

/** In several processes if requested. @throws InputError for a run, data or settings that cannot be used. */
export async function attack(run: string, options: AttackOptions): Promise<void> {
  requireOneSeries(options);
  await inRanks(options, async (group) => {
    setThreads(options.threads);
    if (group.rank === 0) await leadAttack(run, options, group);
    else await followAttack(run, options, group);
  });
}

/** A rank that is not the first: it attacks and prints nothing. */
async function followAttack(run: string, options: AttackOptions, group: distributed.ProcessGroup): Promise<void> {
  const { signal, release } = stopOnSignals();
  await attackOrSeries(run, options, { signal, group }).finally(release);
  await group.barrier();
}

async function leadAttack(run: string, options: AttackOptions, group: distributed.ProcessGroup): Promise<void> {
  const { json } = options;
  const progress = attackProgress();
  const signals = stopOnSignals(() => progress.line("stopping after this batch; a second signal ends at once"));
  const running = { signal: signals.signal, listener: progress.listener, group };
  try {
    const outcome = await attackOrSeries(run, options, running);
    await group.barrier();
    progress.close();
    if ("stopped" in outcome) return stopped(run, outcome.stopped, json, signals.status());
    for (const warning of outcome.warnings) log(`warning: ${warning}`);
    printResult(json, outcome.result, outcome.lines);
  } finally {
    progress.close();
    signals.release();
  }
}

type Running = Pick<AttackRunOptions, "signal" | "listener" | "group">;

async function attackOrSeries(
  run: string,
  { epsilons, checkpoints, ...rest }: AttackOptions,
  running: Running,
): Promise<Outcome> {
  const options = { ...rest, ...running };
  if (epsilons === undefined && checkpoints === undefined) {
    const { result, folder } = await attackRun(run, options);
    if (result === null) return { stopped: folder };
    return { result: { ...result, run, folder }, lines: attackLines(result, folder), warnings: result.warnings };
  }
  const axis = epsilons === undefined ? { epochs: checkpoints as [number, number] } : { epsilons };
  const { results, finished, folder } = await attackSeries(run, { ...options, ...axis });
  if (!finished) return { stopped: folder };
  const warnings = new Set(results.flatMap((result) => result.warnings));
  return { result: results, lines: seriesLines(results, folder), warnings: [...warnings] };
}

function stopped(run: string, folder: string, json: boolean, status: number): void {
  const resume = sameCommandResumed();
  log(`stopped and saved; to resume: ${resume}`);
  if (json) printResult(json, { stopped: true, run, folder, resume }, []);
  process.exitCode = status;
}

/** @throws InputError for two series options, or an option together with its series. */
function requireOneSeries(options: Partial<AttackOptions>): void {
  const exclusive = [
    ["epsilon", "epsilons"],
    ["checkpoint", "checkpoints"],
    ["checkpoints", "epsilons"],
  ] as const;
  for (const [one, other] of exclusive) {
    if (options[one] === undefined || options[other] === undefined) continue;
    throw new InputError(`received ${option(one)} and ${option(other)}; expected one of them`);
  }
}
