// The estimated fraction of wrong labels after each epoch, as far as predictions alone tell.
import { existsSync, readFileSync, statSync } from "node:fs";
import { parseNpy } from "../../../data/index.js";
import { disagreementOf, type Prediction } from "../../../issues/labels/rate/confident-disagreement.js";
import { historyFile } from "../../../runs/files/history-files.js";
import { HISTORY_COLUMNS } from "../../../runs/files/sample-history.js";
import type { NoisePoint } from "../../api.js";

/** Samples that an epoch's estimate is made from: its standard error is at most 2 points. */
const mostSamples = 8000;
/** The fraction of each class's predictions that is looked at, the most confident ones. */
const confident = 0.1;
/** Epochs of one look, so that a long run that is opened holds nothing up. */
const mostEpochs = 20;

/** Gives the epochs since the last call, at most twenty; all again where a resumed run has begun an epoch again. */
export function followNoise(run: string): () => NoisePoint[] {
  let epoch = 0;
  let first = 0;
  return () => {
    const inode = inodeOf(historyFile(run, 0));
    if (inode !== first || (epoch > 0 && !existsSync(historyFile(run, epoch - 1)))) epoch = 0;
    first = inode;
    const points: NoisePoint[] = [];
    for (; points.length < mostEpochs && existsSync(historyFile(run, epoch)); epoch++) {
      points.push({ epoch, rate: confidentDisagreement(readEpoch(historyFile(run, epoch))) });
    }
    return points;
  };
}

const inodeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.ino ?? 0;

function readEpoch(path: string): Float32Array {
  return parseNpy(new Uint8Array(readFileSync(path)), path).data as Float32Array;
}

/**
 * `disagreementOf` the most confident tenth of each predicted class in an epoch. Too high while the network is weak, too low once it memorizes.
 * @param history (n, 3): the label's probability p, its margin m in logits, the predicted class, whose probability is p exp(-m) where m < 0
 */
export function confidentDisagreement(history: Float32Array): number | null {
  const classes = new Map<number, Prediction[]>();
  const samples = history.length / HISTORY_COLUMNS;
  for (let at = 0; at < samples; at += Math.max(1, samples / mostSamples)) {
    const row = HISTORY_COLUMNS * Math.floor(at);
    const [p, margin, predicted] = [history[row]!, history[row + 1]!, history[row + 2]!];
    if (Number.isNaN(p)) continue;
    const members = classes.get(predicted) ?? [];
    classes.set(predicted, members);
    members.push({ confidence: margin < 0 ? p * Math.exp(-margin) : p, isLabel: margin >= 0 });
  }
  return disagreementOf(classes.values(), confident);
}
