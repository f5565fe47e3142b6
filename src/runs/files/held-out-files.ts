// `held-out/NNNN.npy` of a run folder, one per epoch: predictions for the samples held out to detect the start.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { withWriteErrors, writeFileAtomic } from "../../atomic-files.js";
import { parseNpy, writeNpy } from "../../data/index.js";
import { InputError } from "../../errors.js";

/** Predictions for samples that the network has not been trained on. */
export interface HeldOutPredictions {
  /** Their positions in the data set, (m). */
  readonly index: Int32Array;
  /** Softmax of the classes' logits, (m, classes). */
  readonly probabilities: Float32Array;
}

const folderOf = (run: string) => join(run, "held-out");
const fileOf = (run: string, epoch: number) => join(folderOf(run), `${String(epoch).padStart(4, "0")}.npy`);

/** Writes the predictions at the end of an epoch, (m, 1 + classes) float32: position, probabilities. */
export function writeHeldOut(run: string, epoch: number, { index, probabilities }: HeldOutPredictions): void {
  const classes = probabilities.length / index.length;
  const rows = new Float32Array(index.length * (1 + classes));
  index.forEach((sample, row) => {
    rows[row * (1 + classes)] = sample;
    rows.set(probabilities.subarray(row * classes, (row + 1) * classes), row * (1 + classes) + 1);
  });
  withWriteErrors(folderOf(run), () => mkdirSync(folderOf(run), { recursive: true }));
  writeFileAtomic(fileOf(run, epoch), writeNpy(rows, [index.length, 1 + classes]));
}

/** The predictions of each epoch, the first one first; none where no sample was held out. @throws InputError naming a damaged file. */
export function* readHeldOut(run: string): Generator<HeldOutPredictions> {
  for (const path of filesOf(run)) {
    const { data, shape } = parseNpy(new Uint8Array(readFileSync(path)), path);
    const [samples = 0, columns = 0] = shape;
    if (!(data instanceof Float32Array) || shape.length !== 2 || columns < 2) {
      throw new InputError(`${path} is damaged: shape (${shape.join(", ")}); expected float32 (samples, 1 + classes)`);
    }
    const index = Int32Array.from({ length: samples }, (_, row) => data[row * columns]!);
    yield { index, probabilities: data.filter((_, k) => k % columns > 0) };
  }
}

/** Deletes the predictions of epochs that will be trained again. */
export function truncateHeldOut(run: string, firstEpoch: number): void {
  for (const path of filesOf(run)) if (epochOf(path) >= firstEpoch) rmSync(path);
}

function filesOf(run: string): string[] {
  if (!existsSync(folderOf(run))) return [];
  const names = readdirSync(folderOf(run)).filter((name) => /^\d{4,}\.npy$/.test(name));
  return names.map((name) => join(folderOf(run), name)).sort((a, b) => epochOf(a) - epochOf(b));
}

const epochOf = (path: string) => Number.parseInt(basename(path), 10);
