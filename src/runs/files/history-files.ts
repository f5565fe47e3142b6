// `record/NNNN.npy` of a run folder, one per epoch: the per-sample history.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { withWriteErrors, writeFileAtomic } from "../../atomic-files.js";
import { parseNpy, writeNpy } from "../../data/index.js";
import { InputError } from "../../errors.js";
import { type EpochHistory, HISTORY_COLUMNS } from "./sample-history.js";

const historyFolder = (run: string) => join(run, "record");
/** The file of an epoch. */
export const historyFile = (run: string, epoch: number) =>
  join(historyFolder(run), `${String(epoch).padStart(4, "0")}.npy`);

/** Writes the history of an epoch, unless that of earlier epochs is missing. */
export function writeHistory(run: string, epoch: number, history: EpochHistory): void {
  if (epoch > 0 && !existsSync(historyFile(run, epoch - 1))) return;
  withWriteErrors(historyFolder(run), () => mkdirSync(historyFolder(run), { recursive: true }));
  writeFileAtomic(historyFile(run, epoch), writeNpy(history, [history.length / HISTORY_COLUMNS, HISTORY_COLUMNS]));
}

/** Number of epochs in the sample history. */
export function countHistory(run: string): number {
  let epochs = 0;
  while (existsSync(historyFile(run, epochs))) epochs++;
  return epochs;
}

/** The history's files, in the order of the epochs. */
export const historyFiles = (run: string): string[] =>
  Array.from({ length: countHistory(run) }, (_, epoch) => historyFile(run, epoch));

/** The history of each epoch, in order. @throws InputError that names a damaged file. */
export function* readHistory(run: string): Generator<EpochHistory> {
  for (let epoch = 0; existsSync(historyFile(run, epoch)); epoch++) {
    const path = historyFile(run, epoch);
    const { data, shape } = parseNpy(new Uint8Array(readFileSync(path)), path);
    if (!(data instanceof Float32Array) || shape[1] !== HISTORY_COLUMNS) {
      throw new InputError(
        `${path} is damaged: shape (${shape.join(", ")}); expected float32 (samples, ${HISTORY_COLUMNS})`,
      );
    }
    yield data;
  }
}

/** Deletes the history of epochs that will be trained again. */
export function truncateHistory(run: string, firstEpoch: number): void {
  for (let epoch = firstEpoch; existsSync(historyFile(run, epoch)); epoch++) rmSync(historyFile(run, epoch));
}
