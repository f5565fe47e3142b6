// The headline figures of a run.
import { roughDuration } from "../../../format.js";
import type { EpochEvent, RunDetails } from "../../api.js";
import { count, figure, share } from "../ui/text.js";
import type { LiveRun } from "./live-run.js";

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}

export function Tiles({ run, live }: { run: RunDetails; live: LiveRun }) {
  return (
    <dl class="tiles">
      {tilesOf(run, live).map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <b>{value}</b>
            {note ? <span class="soft"> {note}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function tilesOf(run: RunDetails, { epochs, status }: LiveRun): Tile[] {
  const last = epochs.value.at(-1);
  const done = last ? last.epoch + 1 : run.epoch;
  const left = status.value?.secondsLeft ?? null;
  const isRunning = (status.value?.status ?? run.status) === "running";
  const start = status.value?.startEpoch ?? null;
  const noise = numberOf(run.summary?.labelNoise);
  return [
    { name: "Epochs", value: `${count(done)} of ${count(run.epochs)}` },
    isRunning
      ? { name: "Time left", value: left === null ? "\u2013" : roughDuration(left) }
      : { name: "Training time", value: duration(numberOf(run.summary?.seconds) ?? secondsOf(epochs.value)) },
    ...accuracyTile(epochs.value.map(({ testAccuracy }) => numberOf(testAccuracy))),
    { name: "Images per second", value: figure(Math.round(numberOf(last?.imagesPerSecond) ?? Number.NaN)) },
    ...(start === null
      ? []
      : [{ name: "Targets start", value: `epoch ${start}`, note: done > start ? "" : "not yet" }]),
    ...(noise === null ? [] : [{ name: "Wrong labels injected", value: share(noise) }]),
  ];
}

/** Of the epochs so far; null before the first. */
function secondsOf(epochs: readonly EpochEvent[]): number | null {
  const seconds = epochs.map((epoch) => numberOf(epoch.seconds) ?? 0);
  return seconds.length === 0 ? null : seconds.reduce((sum, each) => sum + each, 0);
}

const duration = (seconds: number | null) => (seconds === null ? "\u2013" : roughDuration(seconds));

/** None without a test set. */
function accuracyTile(values: readonly (number | null)[]): Tile[] {
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  if (last === undefined) return [];
  const best = Math.max(...known);
  return [{ name: "Test accuracy", value: share(last), note: best > last ? `best ${share(best)}` : "the best so far" }];
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
