// Runs `train` and `pretrain`: the run with its progress bar and signals, or the dry run.

import { writeFileAtomic } from "../../../atomic-files.js";
import { defaultMethod } from "../../../methods/index.js";
import { option } from "../../../options/index.js";
import { ratePlotSvg } from "../../../reports/index.js";
import { claimRunFolder, releaseRunFolder } from "../../../runs/free-run-folder.js";
import {
  isFinished,
  type Progress,
  parseRecipe,
  type RecipeInput,
  type RunSummary,
  readRunRecipe,
} from "../../../runs/index.js";
import { type CommandName, commandOf, requireMethodOf } from "../../../runs/methods-of-commands.js";
import { isRun } from "../../../runs/run-folder.js";
import { type distributed, setThreads } from "../../../torch/index.js";
import { dryRun, findLearningRate, type TrainingListener, type TrainResult, train } from "../../../training/index.js";
import { LostRankError } from "../../../training/parallel/failure.js";
import { inRanks } from "../../shared/open-ranks.js";
import { log, printResult } from "../../shared/output.js";
import { progressBar } from "../../shared/progress-bar.js";
import { quoted } from "../../shared/quoted.js";
import { type ResumedWith, requireSameRecipe, resumeCommand } from "../../shared/resume.js";
import type { SharedOptions } from "../../shared/shared-options.js";
import { saveOnSignal, stopOnSignals } from "../../shared/signals.js";
import { tellLauncher } from "../../shared/tell-launcher.js";
import { writeReportIfPossible } from "../../shared/write-report.js";
import type { TrainOptions } from "./train-options.js";
import { closingLines, dryRunLines, learningRateLines, openingLines } from "./train-text.js";

type Flags = TrainOptions & SharedOptions;
type Input = Record<string, unknown>;

/** Trains into the run folder, shows progress, stops on signals, and writes the report; in several processes if requested. */
export async function trainRun(command: CommandName, input: Input, flags: Flags): Promise<void> {
  await inRanks(flags, async (group) => {
    setThreads(flags.threads);
    if (group.rank > 0) await followRun(input, flags, group);
    else await leadRun(command, input, flags, group);
  });
}

/** A rank that is not the first: it trains and says nothing, unless it fails. */
async function followRun(input: Input, { out, resume, skipMissing }: Flags, group: distributed.ProcessGroup) {
  const signals = stopOnSignals();
  try {
    await train(input as Partial<RecipeInput>, { out, resume, skipMissing, signal: signals.signal, group });
    await group.barrier();
  } finally {
    signals.release();
  }
}

async function leadRun(command: CommandName, input: Input, flags: Flags, group: distributed.ProcessGroup) {
  const { resume, skipMissing } = flags;
  const out = flags.out ?? claimRunFolder(String(input.data), String(input.objective ?? defaultMethod.name));
  if (resume) {
    requireMethodOf(command, readRunRecipe(out).recipe.objective);
    requireSameRecipe(out, input);
  }
  const bar = progressBar("training");
  const signals = stopOnSignals(() =>
    bar({ type: "note", text: "stopping after this step; a second signal ends at once" }),
  );
  const saves = saveOnSignal(() => bar({ type: "note", text: "saving after this step" }));
  const again = { ...flags, ...(resume && { data: input.data }) };
  const listeners = [opening(out, again), bar];
  try {
    const recipe = input as Partial<RecipeInput>;
    const { summary, progress, prepared } = await train(recipe, {
      out,
      resume,
      skipMissing,
      listeners,
      signal: signals.signal,
      saveNow: saves.take,
      group,
    });
    await group.barrier();
    if (summary === null) stopped(out, progress, again, signals.status());
    else await finished(out, { summary, progress, prepared }, flags);
  } catch (error) {
    throw error instanceof LostRankError && isRun(out) ? withResumeAdvice(error, out, again) : error;
  } finally {
    bar.close();
    signals.release();
    saves.release();
    if (flags.out === undefined) releaseRunFolder(out);
  }
}

const withResumeAdvice = ({ message }: LostRankError, out: string, again: ResumedWith) =>
  new LostRankError(`${message}; to resume from the last checkpoint: ${resumeCommand(out, again)}`);

/** Logs the run when it starts: its folder then holds the resolved recipe. */
function opening(out: string, again: ResumedWith): TrainingListener {
  const finishedBefore = isFinished(out);
  return (event) => {
    if (event.type !== "start") return;
    tellLauncher({ resume: resumeCommand(out, again) });
    if (finishedBefore && event.epoch >= event.epochs) log(`${out} is finished already; these are its results`);
    else log(openingLines(out, readRunRecipe(out), event.kernels, event.data).join("\n"));
  };
}

function stopped(
  run: string,
  { epoch, step }: Progress,
  again: ResumedWith & Pick<Flags, "json">,
  status: number,
): void {
  const { json } = again;
  const command = resumeCommand(run, again);
  log(`stopped in epoch ${epoch} after step ${step} and saved; to resume: ${command}`);
  if (json) printResult(json, { stopped: { epoch, step }, run, resume: command }, []);
  process.exitCode = status;
}

type Finished = Omit<TrainResult, "summary"> & { readonly summary: RunSummary };

async function finished(run: string, { summary, progress, prepared }: Finished, { json }: Flags): Promise<void> {
  const findings = await writeReportIfPossible(run, { prepared });
  printResult(json, { ...summary, run }, closingLines(summary, progress, run, findings));
  if (commandOf(summary.objective) === "pretrain") {
    log(`to evaluate the features: selfadapt probe ${quoted(run)} --data ${quoted(prepared.recipe.data)}`);
  } else if (summary.testAccuracy === null && progress.best === null) {
    log(
      `accuracy on new samples is unknown without a test set; ${option("valFraction", 0.1)} holds out samples to measure it`,
    );
  }
}

/** Prints the learning rates that a range test suggests, and writes its plot where a file is named. */
export async function printLearningRate(input: Input, { threads, json, findLr }: Flags): Promise<void> {
  setThreads(threads);
  const found = await findLearningRate(parseRecipe(input));
  const plot = typeof findLr === "string" ? findLr : null;
  if (plot !== null) writeFileAtomic(plot, await ratePlotSvg(found));
  printResult(json, { ...found, plot }, learningRateLines(found, plot));
}

/** Prints data, network and cost of a run; writes nothing. */
export async function printDryRun(input: Input, { threads, json }: Flags): Promise<void> {
  setThreads(threads);
  const plan = await dryRun(parseRecipe(input));
  for (const note of plan.data.notes) log(note);
  printResult(json, plan, dryRunLines(plan));
}
