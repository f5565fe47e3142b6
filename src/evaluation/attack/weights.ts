// The attacked weights of a run, and their fingerprint.
import { createHash } from "node:crypto";
import { type LoadedCheckpoint, readCheckpoint } from "../../runs/checkpoint.js";
import type { StoredDict } from "../../torch/index.js";
import type { AttackSettings } from "./settings.js";

export interface AttackedWeights {
  readonly loaded: LoadedCheckpoint;
  /** The last epoch that they were trained in. */
  readonly epoch: number;
  /** Of the evaluated weights: the averaged ones if there are any. */
  readonly digest: string;
}

/** @throws InputError where the run has no such weights. */
export function readAttacked(run: string, checkpoint: AttackSettings["checkpoint"]): AttackedWeights {
  const loaded = readCheckpoint(run, typeof checkpoint === "number" ? `epoch-${checkpoint}` : checkpoint);
  const { tensors, progress } = loaded;
  const epoch = progress.step === 0 ? progress.epoch - 1 : progress.epoch;
  return { loaded, epoch, digest: digestOf(tensors.ema.size > 0 ? tensors.ema : tensors.model) };
}

function digestOf(weights: StoredDict): string {
  const hash = createHash("sha256");
  for (const [name, { bytes }] of weights) hash.update(name).update(bytes);
  return hash.digest("hex").slice(0, 16);
}
