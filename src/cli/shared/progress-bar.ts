// Progress of training: a bar with rate and time left in a terminal, and a line per epoch.

import { MultiBar } from "cli-progress";
import { percent, roughDuration } from "../../format.js";
import { withFlags } from "../../options/index.js";
import type { EpochMetrics } from "../../runs/index.js";
import type { TrainingEvent, TrainingListener } from "../../training/index.js";
import { log } from "./output.js";

/** A listener that draws on stderr. `close` restores the terminal when a run fails. */
export type ProgressBar = TrainingListener & { readonly close: () => void };

type Start = Extract<TrainingEvent, { type: "start" }>;
type Step = Extract<TrainingEvent, { type: "step" }>;

function epochLine(metrics: EpochMetrics): string {
  const fraction = (name: string, value: number | null | undefined) =>
    typeof value === "number" ? `${name} ${percent(value)}` : "";
  const number = (name: string, value: number | null | undefined, digits: number) =>
    typeof value === "number" ? `${name} ${value.toFixed(digits)}` : "";
  const parts = [
    `epoch ${String(metrics.epoch).padStart(3)}`,
    `loss ${metrics.trainLoss.toFixed(3)}`,
    fraction("training", metrics.trainAccuracy),
    fraction("validation", metrics.validationAccuracy),
    fraction("test", metrics.testAccuracy),
    fraction("PGD-20", metrics.robustAccuracy),
    fraction("kNN", metrics.knnAccuracy),
    number("deviation", metrics.embeddingDeviation, 4),
    number("rank", metrics.effectiveRank, 1),
    fraction("labels recovered", metrics.recoveredLabels),
    `${metrics.imagesPerSecond.toFixed(0)} images/s`,
  ];
  return parts.filter(Boolean).join("  ");
}

/** The smoothed rate of the last steps, and the time left by the average since the start, evaluation included. */
function createClock({ epoch, step, epochs, stepsPerEpoch }: Start) {
  const began = performance.now();
  const first = epoch * stepsPerEpoch + step;
  let rate = 0;
  return (now: Step) => {
    const current = now.samples / now.seconds;
    rate = rate === 0 ? current : 0.9 * rate + 0.1 * current;
    const done = now.epoch * stepsPerEpoch + now.step + 1;
    const perStep = (performance.now() - began) / 1000 / (done - first);
    return { done, rate, secondsLeft: perStep * (epochs * stepsPerEpoch - done) };
  };
}

/** A bar in the last line of the terminal, with lines above it. */
function drawBar(label: string, start: Start) {
  const room = (process.stderr.columns ?? 80) - label.length - 52;
  const bars = new MultiBar({
    format: `${label} {bar} {percentage}%  epoch {epoch}  loss {loss}  {rate} images/s  {left}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: Math.max(6, Math.min(30, room)),
    stream: process.stderr,
  });
  const clock = createClock(start);
  const { epoch, step, epochs, stepsPerEpoch } = start;
  const blank = { epoch, loss: "-", rate: "-", left: "" };
  const bar = bars.create(epochs * stepsPerEpoch, epoch * stepsPerEpoch + step, blank);
  return {
    step(event: Step) {
      const { done, rate, secondsLeft } = clock(event);
      const left = `${roughDuration(secondsLeft)} left`;
      bar.update(done, { epoch: event.epoch, loss: event.loss.toFixed(3), rate: rate.toFixed(0), left });
    },
    line(text: string) {
      bars.log(`${withFlags(text)}\n`);
      bars.update();
    },
    close() {
      bar.update({ left: "" });
      bars.stop();
    },
  };
}

/** Draws a bar after `label` when stderr is a terminal, and always prints a line per epoch. */
export function progressBar(label: string): ProgressBar {
  let bar: ReturnType<typeof drawBar> | undefined;
  const line = (text: string) => (bar === undefined ? log(text) : bar.line(text));
  const close = () => {
    process.off("exit", close);
    bar?.close();
    bar = undefined;
  };
  const open = (event: Start) => {
    bar = drawBar(label, event);
    process.once("exit", close);
  };
  const listen = (event: TrainingEvent) => {
    if (event.type === "start" && process.stderr.isTTY) open(event);
    if (event.type === "step") bar?.step(event);
    if (event.type === "epoch") line(epochLine(event.metrics));
    if (event.type === "note") line(event.text);
    if (event.type === "stopped" || event.type === "end") close();
  };
  return Object.assign(listen, { close });
}
