// What is known of the samples under attack: the best image tried of each, and which of them still stand.
import { InputError } from "../../errors.js";
import { noGrad, ops, scope, type Tensor } from "../../torch/index.js";
import { perImage } from "../steps/geometry.js";
import { answer } from "../steps/gradient.js";
import { margin } from "../steps/losses.js";
import type { AttackBatch, Classifier } from "../types.js";

/** Shows images that were tried, (n, ...) inside the ball and [0, 1], and their logits (n, classes). */
export type See = (images: Tensor, logits: Tensor) => void;

/** Of each sample the image tried that came nearest to misleading the network: the first that did, where one did. */
interface Best {
  readonly images: Tensor;
  /** (n): max_{j != y} z_j - z_y. */
  readonly margins: Tensor;
  /** (n) bool */
  readonly misled: Tensor;
}

/** Tries the images of the samples that still stand, in the batch's form, and shows all that may be an answer. */
export type Attempt = (points: AttackBatch, see: See, round: number) => void;

/**
 * Makes `rounds` attempts, each on the samples that no attempt before it misled, and returns the best image of each sample:
 * itself where nothing came nearer to a wrong answer. The batch's own images count as tried, so that it is never worse
 * than they are.
 * @throws InputError where the batch's parts do not belong together.
 */
export function attackStanding(model: Classifier, batch: AttackBatch, rounds: number, attempt: Attempt): Tensor {
  requireBatch(batch);
  return scope(() =>
    noGrad(() => {
      const best = judged(batch, batch.images.clone(), answer(model, batch.images));
      for (let round = 0; round < rounds; round++) {
        if (!scope(() => tryStanding(batch, best, attempt, round))) break;
      }
      return best.images;
    }),
  );
}

/** Whether there was a sample left to try. */
function tryStanding(batch: AttackBatch, best: Best, attempt: Attempt, round: number): boolean {
  const rows = best.misled.logicalNot().nonzero().squeeze(1);
  if (rows.size === 0) return false;
  const points = samplesAt(batch, rows);
  const own: Best = {
    images: best.images.indexSelect(0, rows),
    margins: best.margins.indexSelect(0, rows),
    misled: best.misled.indexSelect(0, rows),
  };
  attempt(points, (images, logits) => scope(() => keepBetter(own, judged(points, images, logits))), round);
  for (const part of ["images", "margins", "misled"] as const) best[part].indexCopy_(0, rows, own[part]);
  return true;
}

function judged({ labels }: AttackBatch, images: Tensor, logits: Tensor): Best {
  return { images, margins: margin(logits, labels), misled: logits.argmax({ dim: 1 }).ne(labels) };
}

function keepBetter(best: Best, tried: Best): void {
  const better = tried.margins.gt(best.margins).logicalOr(tried.misled).logicalAnd(best.misled.logicalNot());
  best.images.copy_(ops.where(perImage(better, best.images), tried.images, best.images));
  best.margins.copy_(ops.where(better, tried.margins, best.margins));
  best.misled.copy_(best.misled.logicalOr(tried.misled));
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
    `${samples} images come with ${labels.size} labels and ${index.length} positions; expected one of each an image`,
  );
}
