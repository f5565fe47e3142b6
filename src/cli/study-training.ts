// The runs of a study, a few at a time: a line for each that ends, and a bar of how many have.
import { SingleBar } from "cli-progress";
import {
  type ChildOptions,
  eachOf,
  type Outcome,
  type PlannedRun,
  secondsLeft,
  trainingChildren,
} from "../studies/index.js";
import { readSummary } from "../training/index.js";
import { duration, percent, tell } from "./output.js";

interface TrainAllOptions extends ChildOptions {
  readonly jobs: number;
}

/** Trains them, each expected to take so many seconds, until all are done or the signal comes; gives how many failed. */
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
    if (outcome.kind === "failed") failed++;
    // A failed run says nothing of how long the others take.
    Object.assign(
      one,
      outcome.kind === "failed" ? { expected: 0, took: 0 } : { took: (performance.now() - began) / 1000 },
    );
    const done = state.filter(({ took }) => took !== null).length;
    bar.line(`${outcomeLine(one.run, outcome)}  [${done} of ${runs.length}]`);
    bar.update(done, secondsLeft(state, options.jobs));
  }).finally(() => {
    children.release();
    bar.close();
  });
  return failed;
}

function outcomeLine({ row, seed, folder }: PlannedRun, outcome: Outcome): string {
  const name = `${row.name}, seed ${seed}`;
  if (outcome.kind === "failed") return `${name}: failed: ${outcome.reason}`;
  const { testAccuracy, seconds } = readSummary(folder);
  return `${name}: ${percent(testAccuracy, 1)} on the test set, ${duration(seconds)} of training`;
}

/** A bar in the last line of a terminal, and nothing but lines elsewhere. */
function runsBar(total: number, seconds: number) {
  if (!process.stderr.isTTY || total === 0) return { line: tell, update: () => {}, close: () => {} };
  const format = "{bar} {value} of {total} runs  {left}";
  const bar = new SingleBar({
    format,
    stream: process.stderr,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
  });
  const left = (estimate: number) => ({ left: `about ${duration(estimate)} left` });
  bar.start(total, 0, left(seconds));
  return {
    line: (text: string) => {
      process.stderr.write("\r\x1b[K");
      tell(text);
    },
    update: (done: number, estimate: number) => bar.update(done, left(estimate)),
    close: () => bar.stop(),
  };
}
