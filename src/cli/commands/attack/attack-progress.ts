// Progress of an attack on stderr: a bar in a terminal, else a line every ten seconds.

import { SingleBar } from "cli-progress";
import type { AttackEvent } from "../../../evaluation/index.js";
import { duration, percent, roughDuration } from "../../../format.js";
import { log } from "../../shared/output.js";
import { beginText } from "./attack-text.js";

/** Seconds between lines when there is no bar. */
const LINE_INTERVAL = 10;

type Batch = Extract<AttackEvent, { type: "batch" }>;

export interface AttackProgress {
  readonly listener: (event: AttackEvent) => void;
  readonly line: (text: string) => void;
  /** Restores the terminal. */
  readonly close: () => void;
}

export function attackProgress(): AttackProgress {
  const display = process.stderr.isTTY ? createBar() : createLines();
  return {
    ...display,
    listener: (event) => (event.type === "batch" ? display.batch(event) : display.line(lineOf(event))),
  };
}

function lineOf(event: Exclude<AttackEvent, Batch>): string {
  if (event.type === "begin") return `${event.resumed ? "resuming " : ""}${beginText(event.settings)}`;
  if (event.type === "natural") return `natural accuracy ${percent(event.accuracy, 2)} of ${event.samples} images`;
  return event.text;
}

const robustText = ({ robust, samples }: Batch) => `robust ${percent(robust / samples, 2)}`;

/** A line at the end of each attack, and every ten seconds until then. */
function createLines() {
  let last = performance.now();
  return {
    line: log,
    close: () => {},
    batch(event: Batch) {
      const { attack, done, tried, seconds } = event;
      if (done < tried && performance.now() - last < 1000 * LINE_INTERVAL) return;
      last = performance.now();
      log(`${attack} ${done} of ${tried}  ${robustText(event)}  ${duration(seconds)}`);
    },
  };
}

/** A bar for the current attack, lines above it. */
function createBar() {
  let bar: SingleBar | null = null;
  let attack = "";
  const close = () => {
    bar?.stop();
    bar = null;
  };
  const open = (event: Batch) => {
    close();
    attack = event.attack;
    const opened = new SingleBar({
      format: "{attack} {bar} {value} of {total}  {text}",
      barCompleteChar: "█",
      barIncompleteChar: "░",
      barsize: Math.max(6, Math.min(30, (process.stderr.columns ?? 80) - 60)),
      stream: process.stderr,
    });
    opened.start(event.tried, event.done, { attack, text: "" });
    bar = opened;
    return opened;
  };
  return {
    close,
    line(text: string) {
      close();
      log(text);
    },
    batch(event: Batch) {
      const current = bar === null || attack !== event.attack ? open(event) : bar;
      const left = event.done === 0 ? 0 : (event.seconds / event.done) * (event.tried - event.done);
      current.update(event.done, { text: `${robustText(event)}  ${roughDuration(left)} left` });
    },
  };
}
