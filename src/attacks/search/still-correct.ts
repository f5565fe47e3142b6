// Tracks the best image so far of each attacked sample, and which samples are still classified correctly.
import { InputError } from "../../errors.js";
import { noGrad, ops, scope, type Tensor } from "../../torch/index.js";
import { perImage } from "../steps/geometry.js";
import { logitsOf } from "../steps/gradient.js";
import { margin } from "../steps/losses.js";
import type { AttackBatch, Classifier } from "../types.js";

/** Takes images that were tried, (n, ...) inside the ball and [0, 1], and their logits (n, classes), as candidates. */
export type Consider = (images: Tensor, logits: Tensor) => void;

/** For each sample the image with the largest margin: the first misclassified one, if any. */
interface Best {
  readonly images: Tensor;
  /** (n): max_{j != y} z_j - z_y. */
  readonly margins: Tensor;
  /** (n) bool */
  readonly misclassified: Tensor;
}

/** Attacks the samples that are still classified correctly, and passes every candidate image to `consider`. */
export type Attempt = (remaining: AttackBatch, consider: Consider, round: number) => void;

/**
 * Makes `rounds` attempts, each on the samples that no attempt before it fooled, and returns the best image of each sample:
 * the clean image if none had a larger margin. The clean images are candidates too, so that the result is
 * never worse than they are.
 * @throws InputError where the batch's parts differ in length.
 */
export function attackStillCorrect(model: Classifier, batch: AttackBatch, rounds: number, attempt: Attempt): Tensor {
  requireBatch(batch);
  return scope(() =>
    noGrad(() => {
      const best = score(batch, batch.images.clone(), logitsOf(model, batch.images));
      for (let round = 0; round < rounds; round++) {
        if (!scope(() => tryRemaining(batch, best, attempt, round))) break;
      }
      return best.images;
    }),
  );
}

/** Whether there was a sample left to try. */
function tryRemaining(batch: AttackBatch, best: Best, attempt: Attempt, round: number): boolean {
  const rows = best.misclassified.logicalNot().nonzero().squeeze(1);
  if (rows.size === 0) return false;
  const remaining = samplesAt(batch, rows);
  const bestOfRemaining: Best = {
    images: best.images.indexSelect(0, rows),
    margins: best.margins.indexSelect(0, rows),
    misclassified: best.misclassified.indexSelect(0, rows),
  };
  const consider: Consider = (images, logits) => {
    scope(() => keepBetter(bestOfRemaining, score(remaining, images, logits)));
  };
  attempt(remaining, consider, round);
  for (const part of ["images", "margins", "misclassified"] as const) {
    best[part].indexCopy_(0, rows, bestOfRemaining[part]);
  }
  return true;
}

function score({ labels }: AttackBatch, images: Tensor, logits: Tensor): Best {
  return { images, margins: margin(logits, labels), misclassified: logits.argmax({ dim: 1 }).ne(labels) };
}

function keepBetter(best: Best, candidate: Best): void {
  const better = candidate.margins
    .gt(best.margins)
    .logicalOr(candidate.misclassified)
    .logicalAnd(best.misclassified.logicalNot());
  best.images.copy_(ops.where(perImage(better, best.images), candidate.images, best.images));
  best.margins.copy_(ops.where(better, candidate.margins, best.margins));
  best.misclassified.copy_(best.misclassified.logicalOr(candidate.misclassified));
}

/** The samples at rows (m) int64 of a batch. */
function samplesAt({ images, labels, index }: AttackBatch, rows: Tensor): AttackBatch {
  return {
    images: images.indexSelect(0, rows),
    labels: labels.indexSelect(0, rows),
    index: Int32Array.from(rows.data() as BigInt64Array, (row) => index[Number(row)] as number),
  };
}

function requireBatch({ images, labels, index }: AttackBatch): void {
  const samples = images.shape[0] as number;
  if (labels.size === samples && index.length === samples) return;
  throw new InputError(
    `received ${samples} images, ${labels.size} labels and ${index.length} positions; expected as many of each`,
  );
}
