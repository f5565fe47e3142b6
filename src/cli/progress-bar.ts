// The loop's progress as a bar with rate and time left; a line an epoch where there is no terminal.
import { MultiBar, type SingleBar } from "cli-progress";
import type { EpochMetrics, TrainingEvent, TrainingListener } from "../training/index.js";
import { duration, percent, tell } from "./output.js";

function epochLine({
  epoch,
  trainLoss,
  trainAccuracy,
  validationAccuracy,
  testAccuracy,
  recoveredLabels,
  ...rest
}: EpochMetrics) {
  const parts = [
    `epoch ${String(epoch).padStart(3)}`,
    `loss ${trainLoss.toFixed(3)}`,
    `training ${percent(trainAccuracy, 1)}`,
    typeof validationAccuracy === "number" ? `validation ${percent(validationAccuracy, 1)}` : "",
    typeof testAccuracy === "number" ? `test ${percent(testAccuracy, 1)}` : "",
    typeof recoveredLabels === "number" ? `labels recovered ${percent(recoveredLabels, 1)}` : "",
    `${rest.imagesPerSecond.toFixed(0)} images/s`,
  ];
  return parts.filter(Boolean).join("  ");
}

/** Keeps a smoothed rate and the samples still to come. */
function createClock() {
  let rate = 0;
  return {
    see(samples: number, seconds: number) {
      const now = samples / seconds;
      rate = rate === 0 ? now : 0.95 * rate + 0.05 * now;
    },
    rate: () => rate,
  };
}

/** A listener that draws on stderr; `label` stands before the bar. */
export function progressBar(label: string): TrainingListener {
  const terminal = process.stderr.isTTY === true;
  const format = `${label} {bar} {percentage}% | epoch {epoch} of {epochs} | loss {loss} | {rate} images/s | {left} left`;
  const bars = terminal ? new MultiBar({ format, hideCursor: true, stream: process.stderr, barsize: 24 }) : null;
  const clock = createClock();
  let bar: SingleBar | undefined;
  let shape = { epochs: 0, steps: 0 };

  const line = (text: string) => (bars === null ? tell(text) : bars.log(`${text}\n`));
  const done = () => {
    bar?.stop();
    bars?.stop();
  };

  return (event: TrainingEvent) => {
    switch (event.type) {
      case "start": {
        shape = { epochs: event.epochs, steps: event.stepsPerEpoch };
        const at = event.epoch * event.stepsPerEpoch + event.step;
        const blank = { epoch: event.epoch, epochs: event.epochs, loss: "-", rate: "-", left: "?" };
        bar = bars?.create(event.epochs * event.stepsPerEpoch, at, blank);
        break;
      }
      case "step": {
        clock.see(event.samples, event.seconds);
        const at = event.epoch * shape.steps + event.step + 1;
        const left = duration(((shape.epochs * shape.steps - at) * event.samples) / clock.rate());
        bar?.update(at, { epoch: event.epoch + 1, loss: event.loss.toFixed(3), rate: clock.rate().toFixed(0), left });
        break;
      }
      case "epoch":
        line(epochLine(event.metrics));
        break;
      case "note":
        line(event.text);
        break;
      case "stopped":
      case "end":
        done();
    }
  };
}
