// The Square attack: a random search that uses only the logits, and so is not affected by masked gradients.
import { type Random, randomFrom } from "../../data/random.js";
import { count, fraction } from "../../options/index.js";
import { ops, scope, type Tensor } from "../../torch/index.js";
import { defineAttack } from "../define-attack.js";
import { attackStillCorrect } from "../search/still-correct.js";
import { perImage } from "../steps/geometry.js";
import { logitsOf } from "../steps/gradient.js";
import { margin } from "../steps/losses.js";
import type { AttackBatch, Classifier } from "../types.js";
import { euclideanMoves, infinityMoves, type Moves } from "./moves.js";

export const squareAttack = defineAttack({
  name: "square",
  title: "Square",
  description: "random search by square windows, without gradients",
  access: "logits",
  options: () => ({
    steps: count().default(5000).describe("queries after the first"),
    pInit: fraction().default(0.8).describe("fraction of the image that the first windows cover"),
  }),
  perturb:
    ({ ball, steps, pInit, seed }) =>
    (model, batch) =>
      attackStillCorrect(model, batch, 1, (remaining, consider) => {
        const moves = ball.norm === "inf" ? infinityMoves(ball) : euclideanMoves(ball);
        const best = search({ model, batch: remaining, moves, queries: steps, pInit, seed });
        consider(best, logitsOf(model, best));
      }),
});

/**
 * The Square attack: changes one random window of the image at a time, keeps changes that increase the margin of the likeliest
 * wrong class, and shrinks the windows over time.
 *
 * p = pInit / 2^k, k the number of 10, 50, 200, 500, 1000, 2000, 4000, 6000 and 8000 that the queries have passed
 *
 * By default 5,000 queries (`steps`), pInit 0.8. As in AutoAttack, the schedule is not stretched for fewer than 10,000 queries.
 * @throws InputError when an option is out of range.
 * @see Andriushchenko et al. 2020 (arXiv 1912.00049)
 */
export const square = squareAttack.create;

interface Search {
  readonly model: Classifier;
  readonly batch: AttackBatch;
  readonly moves: Moves;
  readonly queries: number;
  readonly pInit: number;
  readonly seed: number;
}

/** The best image found for each sample. */
function search(task: Search): Tensor {
  const { model, batch, moves, queries, seed } = task;
  const randoms = Array.from(batch.index, (sample) => randomFrom(seed, "square", sample));
  const images = moves.start(batch.images, randoms);
  const margins = margin(logitsOf(model, images), batch.labels);
  for (let query = 0; query < queries; ) {
    query = scope(() => queryUntilOneIsFooled(query, { images, margins, randoms }, task));
  }
  return images;
}

/** The state of all samples; the search updates it in place. */
interface Progress {
  readonly images: Tensor;
  /** (n), over 0 where the network is fooled. */
  readonly margins: Tensor;
  readonly randoms: readonly Random[];
}

/** Changes the samples still classified correctly until there is one fewer of them; returns the number of the next query. */
function queryUntilOneIsFooled(first: number, { images, margins, randoms }: Progress, task: Search): number {
  const rows = margins.le(0).nonzero().squeeze(1);
  if (rows.size === 0) return task.queries;
  const select = (all: Tensor) => all.indexSelect(0, rows);
  const remaining = {
    clean: select(task.batch.images),
    labels: select(task.batch.labels),
    images: select(images),
    margins: select(margins),
  };
  const streams = Array.from(rows.data() as BigInt64Array, (row) => randoms[Number(row)]!);
  let query = first;
  while (query < task.queries && !scope(() => tryOnce(query, remaining, streams, task))) query++;
  images.indexCopy_(0, rows, remaining.images);
  margins.indexCopy_(0, rows, remaining.margins);
  return query + 1;
}

interface Remaining {
  readonly clean: Tensor;
  readonly labels: Tensor;
  readonly images: Tensor;
  readonly margins: Tensor;
}

/** Whether the network was fooled on any sample. */
function tryOnce(
  query: number,
  { clean, labels, images, margins }: Remaining,
  randoms: readonly Random[],
  { model, moves, pInit }: Search,
): boolean {
  const side = moves.side(fractionAt(query, pInit), clean.shape[2]!, clean.shape[3]!);
  const proposed = moves.propose(clean, images, side, randoms);
  const proposedMargins = margin(logitsOf(model, proposed), labels);
  const better = proposedMargins.gt(margins);
  images.copy_(ops.where(perImage(better, images), proposed, images));
  margins.copy_(ops.where(better, proposedMargins, margins));
  return margins.amax().item() > 0;
}

const halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];

function fractionAt(query: number, pInit: number): number {
  return pInit / 2 ** halvings.filter((passed) => query > passed).length;
}
