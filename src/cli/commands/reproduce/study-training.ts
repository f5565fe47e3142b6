// Trains the runs of a study, a few at a time: a line for each run that ends, and a bar of all.

import { SingleBar } from "cli-progress";
import { duration, percent, roughDuration } from "../../../format.js";
import {
  type ChildOptions,
  eachOf,
  type Outcome,
  type PlannedRun,
  secondsLeft,
  summaryOf,
  trainingChildren,
} from "../../../studies/index.js";
import { log } from "../../shared/output.js";

interface TrainAllOptions extends ChildOptions {
  readonly jobs: number;
  /** The figure that a finished run is named with. */
  readonly figureOf?: (run: PlannedRun) => string;
}

/** Of features without a classifier, what a linear one reaches with them. */
function onTestSet(run: PlannedRun): string {
  const { testAccuracy, linearAccuracy } = summaryOf(run);
  if (testAccuracy === null && linearAccuracy != null)
    return `${percent(linearAccuracy)} on the test set by a linear classifier`;
  return `${percent(testAccuracy)} on the test set`;
}

/** Trains the runs, with the expected seconds of each, until all are done or the signal aborts. Returns the number that failed. */
export async function trainAll(
  runs: readonly PlannedRun[],
  expected: readonly number[],
  options: TrainAllOptions,
): Promise<number> {
  const state = runs.map((run, i) => ({ run, expected: expected[i] ?? 0, took: null as number | null }));
  const children = trainingChildren(options);
  const bar = runsBar(runs.length, secondsLeft(state, options.jobs));
  let failed = 0;
  await eachOf(state, options, async (one) => {
    const began = performance.now();
    const outcome = await children.train(one.run);
    if (outcome.kind === "stopped") return;
    const end = endOf(one.run, outcome, options.figureOf ?? onTestSet);
    if (end.failed) failed++;
    // The time of a failed run does not predict that of the others.
    Object.assign(one, end.failed ? { expected: 0, took: 0 } : { took: (performance.now() - began) / 1000 });
    const done = state.filter(({ took }) => took !== null).length;
    bar.line(`${end.line}  [${done} of ${runs.length}]`);
    bar.update(done, secondsLeft(state, options.jobs));
  }).finally(() => {
    children.release();
    bar.close();
  });
  return failed;
}

/** The line of a run that ended; a run without a readable summary failed. */
function endOf(run: PlannedRun, outcome: Outcome, figureOf: (run: PlannedRun) => string) {
  const name = `${run.row.name}, seed ${run.seed}`;
  const failure = (reason: string) => ({ failed: true, line: `${name}: failed: ${reason}` });
  if (outcome.kind === "failed") return failure(outcome.reason);
  try {
    const line = `${name}: ${figureOf(run)}, ${duration(summaryOf(run).seconds)} of training`;
    return { failed: false, line };
  } catch (error) {
    return failure((error as Error).message);
  }
}

/** A bar in the last line of a terminal; only lines elsewhere. */
function runsBar(total: number, seconds: number) {
  if (!process.stderr.isTTY || total === 0) return { line: log, update: () => {}, close: () => {} };
  const format = "{bar} {value} of {total} runs  {left}";
  const bar = new SingleBar({
    format,
    stream: process.stderr,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
  });
  const left = (estimate: number) => ({ left: `about ${roughDuration(estimate)} left` });
  bar.start(total, 0, left(seconds));
  return {
    line: (text: string) => {
      process.stderr.write("\r\x1b[K");
      log(text);
    },
    update: (done: number, estimate: number) => bar.update(done, left(estimate)),
    close: () => bar.stop(),
  };
}
