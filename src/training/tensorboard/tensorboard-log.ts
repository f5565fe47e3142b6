// Logs a run for TensorBoard: the figures of each epoch, the losses of some steps, and how far targets have moved.
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import type { TrainingEvent, TrainingListener } from "../events.js";
import { type EventFile, openEventFile } from "./event-file.js";
import { histogram, scalar, type Value } from "./messages.js";

/** Losses of steps are logged about as often in an epoch. */
const lossesPerEpoch = 50;

/**
 * Listens to a run and writes event files into its folder. Figures of epochs count epochs (`epoch/trainLoss`), those of steps the
 * steps since the beginning (`step/loss`).
 */
export function tensorboardLog(run: string): TrainingListener {
  let file: EventFile | null = null;
  let stepsPerEpoch = 1;
  const every = () => Math.max(1, Math.floor(stepsPerEpoch / lossesPerEpoch));
  return (event: TrainingEvent) => {
    if (event.type === "start") {
      stepsPerEpoch = event.stepsPerEpoch;
      file = openEventFile(run);
    }
    if (event.type === "step" && event.step % every() === 0) {
      file?.add(event.epoch * stepsPerEpoch + event.step, [scalar("step/loss", event.loss)]);
    }
    if (event.type === "epoch") file?.add(event.metrics.epoch, epochValues(event.metrics, event.labelTargets));
  };
}

function epochValues({ epoch: _, ...metrics }: EpochMetrics, targets: Float32Array | null): Value[] {
  const known = Object.entries(metrics).filter((entry): entry is [string, number] => typeof entry[1] === "number");
  const figures = known.map(([name, value]) => scalar(`epoch/${name}`, value));
  return targets === null ? figures : [...figures, histogram("targets/given label", targets)];
}
