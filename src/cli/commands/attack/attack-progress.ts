// The progress of an attack on stderr: a bar where it is a terminal, a line now and then where it is not.
import { SingleBar } from "cli-progress";
import type { AttackEvent } from "../../../evaluation/index.js";
import { duration, log, percent } from "../../shared/output.js";
import { beginText } from "./attack-text.js";

/** Seconds between lines where there is no bar. */
const PAUSE = 10;

type Batch = Extract<AttackEvent, { type: "batch" }>;

export interface AttackProgress {
  readonly listener: (event: AttackEvent) => void;
  readonly line: (text: string) => void;
  /** Gives the terminal back. */
  readonly close: () => void;
}

export function attackProgress(): AttackProgress {
  const shown = process.stderr.isTTY ? createBar() : createLines();
  return {
    ...shown,
    listener(event) {
      if (event.type === "begin") {
        const goesOn = event.resumed ? "going on with " : "";
        shown.line(`${goesOn}${beginText(event.settings)}`);
      }
      if (event.type === "natural")
        shown.line(`natural accuracy ${percent(event.accuracy)} of ${event.samples} images`);
      if (event.type === "note") shown.line(event.text);
      if (event.type === "batch") shown.batch(event);
    },
  };
}

const standingText = ({ robust, samples }: Batch) => `standing ${percent(robust / samples)}`;

/** A line at the end of each attack, and every ten seconds until then. */
function createLines() {
  let last = performance.now();
  return {
    line: log,
    close: () => {},
    batch(event: Batch) {
      const { attack, done, tried, seconds } = event;
      if (done < tried && performance.now() - last < 1000 * PAUSE) return;
      last = performance.now();
      log(`${attack} ${done} of ${tried}  ${standingText(event)}  ${duration(seconds)}`);
    },
  };
}

/** A bar for the attack under way, lines above it. */
function createBar() {
  let bar: SingleBar | null = null;
  let attack = "";
  const close = () => {
    bar?.stop();
    bar = null;
  };
  return {
    close,
    line(text: string) {
      close();
      log(text);
    },
    batch(event: Batch) {
      if (bar === null || attack !== event.attack) {
        close();
        attack = event.attack;
        bar = new SingleBar({
          format: "{attack} {bar} {value} of {total}  {text}",
          barCompleteChar: "█",
          barIncompleteChar: "░",
          barsize: Math.max(6, Math.min(30, (process.stderr.columns ?? 80) - 60)),
          stream: process.stderr,
        });
        bar.start(event.tried, event.done, { attack, text: "" });
      }
      const left = event.done === 0 ? 0 : (event.seconds / event.done) * (event.tried - event.done);
      bar.update(event.done, { text: `${standingText(event)}  ${duration(left)} left` });
    },
  };
}
