// What `train` does once its flags are read: the run with its progress bar and signals, or the dry run.
import { setThreads } from "../torch/index.js";
import { parseRecipe, type RecipeInput, type RunSummary, rehearse, train } from "../training/index.js";
import { freeRunFolder } from "./free-run-folder.js";
import { answer, columns, duration, percent, tell } from "./output.js";
import { progressBar } from "./progress-bar.js";
import { writeReport } from "./report.js";
import type { SharedOptions } from "./shared-options.js";
import { stopOnSignals } from "./signals.js";

export interface TrainFlags extends SharedOptions, Record<string, unknown> {
  readonly out?: string;
  readonly resume: boolean;
  readonly dryRun: boolean;
}

type Input = Record<string, unknown>;

/** What a run has to say at its end, in a few lines. */
function summaryLines(summary: RunSummary, run: string): string[] {
  const { testAccuracy, testAccuracyAtBest, labelNoise, recoveredLabels, wrongLabelsMemorised } = summary;
  const known = (value: number | null | undefined): value is number => typeof value === "number";
  const rows: [string, string][] = [];
  if (known(testAccuracy)) rows.push(["test accuracy", percent(testAccuracy)]);
  if (known(testAccuracyAtBest)) rows.push(["  at the best validation epoch", percent(testAccuracyAtBest)]);
  if (known(labelNoise)) rows.push(["labels that are wrong", percent(labelNoise)]);
  if (known(wrongLabelsMemorised)) rows.push(["  memorised by the network", percent(wrongLabelsMemorised)]);
  if (known(recoveredLabels)) rows.push(["labels right in the targets", percent(recoveredLabels)]);
  rows.push(["time", `${duration(summary.seconds)}, ${summary.imagesPerSecond.toFixed(0)} images/s`]);
  rows.push(["run", run], ["report", `${run}/report.html`]);
  return columns(rows);
}

/** Trains into the run folder, draws the progress, stops on signals, and ends with the report. */
export async function trainRun(input: Input, flags: TrainFlags): Promise<void> {
  if (flags.threads !== undefined) setThreads(flags.threads);
  const out =
    flags.out ?? (flags.resume ? undefined : freeRunFolder(String(input.data), String(input.objective ?? "sat")));
  const signals = stopOnSignals();
  try {
    const listeners = [progressBar("training")];
    const recipe = input as Partial<RecipeInput>;
    const { summary, progress } = await train(recipe, { out, resume: flags.resume, listeners, signal: signals.signal });
    if (summary === null) {
      tell(
        `stopped at epoch ${progress.epoch}, step ${progress.step}, saved; to go on: selfadapt train --resume --out ${out}`,
      );
      process.exitCode = signals.status();
      return;
    }
    await writeReport(out as string);
    answer(flags.json, { ...summary, run: out }, summaryLines(summary, out as string));
  } finally {
    signals.release();
  }
}

/** Says what a run would be: data, network, cost; writes nothing. */
export async function dryRun(input: Input, flags: TrainFlags): Promise<void> {
  if (flags.threads !== undefined) setThreads(flags.threads);
  const plan = await rehearse(parseRecipe(input));
  const { data, model, expectedSeconds, recipe } = plan;
  const layers = model.layers.map(({ name, shape, parameters, flops }) => [
    `  ${name}`,
    `${shape.join(" x ").padEnd(18)} ${String(parameters).padStart(10)} parameters ${(flops / 1e6).toFixed(1).padStart(9)} MFLOP`,
  ]) as [string, string][];
  const test = data.test === null ? "no test set" : `${data.test} test samples`;
  const held = data.validation > 0 ? `, ${data.validation} held out` : "";
  answer(flags.json, plan, [
    ...columns([
      [
        "data",
        `${data.format}: ${data.train} training samples${held}, ${test}, ${data.classes.length} classes, ${data.shape.join(" x ")}`,
      ],
      ["wrong labels injected", String(data.noisy)],
      [
        "network",
        `${recipe.model}, width ${recipe.width}: ${model.parameters} parameters, ${(model.flops / 1e6).toFixed(0)} MFLOP a sample forward`,
      ],
      ["objective", recipe.objective],
      [
        "expected time",
        `${duration(expectedSeconds)} for ${recipe.epochs} epochs on ${plan.device} in ${plan.precision}, evaluation aside`,
      ],
    ]),
    "",
    ...columns(layers),
    "",
    "dry run: nothing was written",
  ]);
}
