// The estimated fraction of wrong labels after each epoch, as far as predictions alone tell.
import { existsSync, readFileSync, statSync } from "node:fs";
import { parseNpy } from "../../../data/index.js";
import { historyFile } from "../../../runs/files/history-files.js";
import { HISTORY_COLUMNS } from "../../../runs/files/sample-history.js";
import type { NoisePoint } from "../../api.js";

/** Samples that an epoch's estimate is made from: its standard error is at most 2 points. */
const mostSamples = 8000;
/** The most confident predictions of each class, and the fewest. */
const confident = 0.1;
const leastPredicted = 5;
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

interface Prediction {
  readonly confidence: number;
  readonly isLabel: boolean;
}

/**
 * The fraction of labels that are not the predicted class among the most confident tenth of each predicted class, classes weighted by how
 * often they are predicted; null where none is predicted five times. Too high while the network is weak, too low once it memorizes.
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
  const known = [...classes.values()].filter(({ length }) => length >= leastPredicted);
  const counted = known.reduce((sum, { length }) => sum + length, 0);
  return counted === 0 ? null : known.reduce((sum, members) => sum + members.length * wrongOf(members), 0) / counted;
}

function wrongOf(members: Prediction[]): number {
  const most = Math.max(leastPredicted, Math.floor(confident * members.length));
  const top = members.sort((a, b) => b.confidence - a.confidence).slice(0, most);
  return top.filter(({ isLabel }) => !isLabel).length / top.length;
}
