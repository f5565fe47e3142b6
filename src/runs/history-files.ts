// `record/NNNN.npy` of a run folder, one an epoch: what training saw of every sample.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseNpy, writeNpy } from "../data/index.js";
import { InputError } from "../errors.js";
import { writeFileWhole, writing } from "./atomic-files.js";
import { type EpochRecord, RECORD_COLUMNS } from "./sample-history.js";

const recordFolder = (run: string) => join(run, "record");
const recordFile = (run: string, epoch: number) => join(recordFolder(run), `${String(epoch).padStart(4, "0")}.npy`);

/** Writes an epoch's record, unless those of the epochs before are missing: then the run began without any. */
export function writeRecord(run: string, epoch: number, record: EpochRecord): void {
  if (epoch > 0 && !existsSync(recordFile(run, epoch - 1))) return;
  writing(recordFolder(run), () => mkdirSync(recordFolder(run), { recursive: true }));
  writeFileWhole(recordFile(run, epoch), writeNpy(record, [record.length / RECORD_COLUMNS, RECORD_COLUMNS]));
}

/** How many epochs there is record of. */
export function countRecords(run: string): number {
  let epochs = 0;
  while (existsSync(recordFile(run, epochs))) epochs++;
  return epochs;
}

/** The record of each epoch, the first one first. @throws InputError naming a file that is damaged. */
export function* readRecords(run: string): Generator<EpochRecord> {
  for (let epoch = 0; existsSync(recordFile(run, epoch)); epoch++) {
    const path = recordFile(run, epoch);
    const { data, shape } = parseNpy(new Uint8Array(readFileSync(path)), path);
    if (!(data instanceof Float32Array) || shape[1] !== RECORD_COLUMNS) {
      throw new InputError(
        `${path} is damaged: shape (${shape.join(", ")}); expected float32 (samples, ${RECORD_COLUMNS})`,
      );
    }
    yield data;
  }
}

/** Drops the records of epochs that will be trained again. */
export function cutRecords(run: string, firstEpoch: number): void {
  for (let epoch = firstEpoch; existsSync(recordFile(run, epoch)); epoch++) rmSync(recordFile(run, epoch));
}
