// Runs `profile` and prints its tables.
import { counted, percent } from "../../../format.js";
import type { RecipeInput } from "../../../runs/index.js";
import { setThreads } from "../../../torch/index.js";
import { type Profile, profile } from "../../../training/index.js";
import { alignedRows, printResult, table } from "../../shared/output.js";
import type { ProfileFlags } from "./profile-options.js";

export async function runProfile(
  recipe: Readonly<Record<string, unknown>>,
  { steps, warmup, top, threads, json }: ProfileFlags,
): Promise<void> {
  setThreads(threads);
  const measured = await profile(recipe as Partial<RecipeInput>, { steps, warmup });
  printResult(json, measured, profileLines(measured, top));
}

function profileLines(measured: Profile, top: number): string[] {
  const { model, objective, precision, kernels, device, threads, batchSize, steps, warmup } = measured;
  const { imagesPerSecond, secondsPerStep, evaluation } = measured;
  const rows: [string, string][] = [
    ["network", `${model}, in ${precision} by ${kernels} kernels on ${device}, ${counted(threads, "thread")}`],
    ["method", `${objective}, batches of ${batchSize}`],
    ["training", `${imagesPerSecond.toFixed(0)} images/s, ${milliseconds(secondsPerStep)} ms a step`],
    ["steps", `${steps}, after ${warmup} that are not timed`],
  ];
  if (evaluation !== null) {
    rows.push(["evaluation", `${evaluation.imagesPerSecond.toFixed(0)} images/s, of ${evaluation.samples} images`]);
  }
  return [...alignedRows(rows), "", ...phaseTable(measured), "", ...operatorTable(measured, top)];
}

const milliseconds = (seconds: number) => (1000 * seconds).toFixed(2);

function phaseTable({ phases, steps }: Profile): string[] {
  return table(
    ["phase", "ms a step", "share"],
    phases.map(({ phase, seconds, fraction }) => [phase, milliseconds(seconds / steps), percent(fraction)]),
  );
}

/** Times of all timed steps: in total, and without the operators within. */
function operatorTable({ operators }: Profile, top: number): string[] {
  const header = ["operator", "calls", "total ms", "self ms", "share"];
  const rows = operators
    .slice(0, top)
    .map(({ operator, calls, seconds, selfSeconds, fraction }) => [
      operator,
      String(calls),
      milliseconds(seconds),
      milliseconds(selfSeconds),
      percent(fraction),
    ]);
  const left = operators.length - rows.length;
  return [...table(header, rows), ...(left > 0 ? [`and ${left} more`] : [])];
}
