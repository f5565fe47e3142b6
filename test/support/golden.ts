// What the authors' code returned on a random batch, and that batch.
import { readFileSync } from "node:fs";
import { fromBytes, type Tensor } from "../../src/torch/index.js";

interface Stored {
  readonly xShape: number[];
  readonly xFloat32: string;
  readonly y: number[];
  readonly eval_logits: number[][];
  readonly train_loss: number;
  readonly grad_norm: Record<string, number>;
}

export interface GoldenNetwork {
  /** The images, float32. */
  readonly x: Tensor;
  readonly y: readonly number[];
  readonly evalLogits: number[][];
  readonly trainLoss: number;
  readonly gradNorm: Readonly<Record<string, number>>;
}

export function fixture(path: string): string {
  return new URL(`../fixtures/${path}`, import.meta.url).pathname;
}

/** The results recorded for a network's weights in test/fixtures/weights. */
export function goldenNetwork(name: string): GoldenNetwork {
  const stored = JSON.parse(readFileSync(fixture(`golden/${name}.json`), "utf8")) as Stored;
  const x = fromBytes(Buffer.from(stored.xFloat32, "base64"), "float32", stored.xShape);
  return {
    x,
    y: stored.y,
    evalLogits: stored.eval_logits,
    trainLoss: stored.train_loss,
    gradNorm: stored.grad_norm,
  };
}
