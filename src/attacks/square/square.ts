// The Square attack: a random search that asks the network for answers only, and so sees through masked gradients.
import { type Random, randomFrom } from "../../data/index.js";
import { ops, scope, type Tensor } from "../../torch/index.js";
import { attackStanding } from "../search/still-correct.js";
import { perImage, requireBall } from "../steps/geometry.js";
import { answer } from "../steps/gradient.js";
import { margin } from "../steps/losses.js";
import { requireShare, requireSteps } from "../steps/ranges.js";
import type { Attack, AttackBatch, Ball, Classifier } from "../types.js";
import { euclideanMoves, infinityMoves, type Moves } from "./moves.js";

export interface SquareOptions {
  readonly ball: Ball;
  /** How many places are tried after the first one. */
  readonly queries?: number;
  /** The share of the image that the first windows cover. */
  readonly pInit?: number;
  readonly seed?: number;
}

/**
 * The Square attack: changes one random window of the image at a time, keeps what brings the margin nearer to a wrong answer,
 * and takes smaller windows as time goes on.
 *
 * p = pInit / 2^k, k the number of 10, 50, 200, 500, 1000, 2000, 4000, 6000 and 8000 that the queries have passed
 *
 * As in AutoAttack, the schedule is not stretched where there are fewer than 10,000 queries.
 * @throws InputError when an option is out of range.
 * @see Andriushchenko et al. 2020 (arXiv 1912.00049)
 */
export function square({ ball, queries = 5000, pInit = 0.8, seed = 0 }: SquareOptions): Attack {
  requireBall(ball);
  requireSteps("queries", queries);
  requireShare("pInit", pInit);
  const moves = ball.norm === "inf" ? infinityMoves(ball) : euclideanMoves(ball);
  return {
    name: "square",
    perturb: (model, batch) =>
      attackStanding(model, batch, 1, (points, see) => {
        const places = search({ model, points, moves, queries, pInit, seed });
        see(places, answer(model, places));
      }),
  };
}

interface Search extends Required<Omit<SquareOptions, "ball">> {
  readonly model: Classifier;
  readonly points: AttackBatch;
  readonly moves: Moves;
}

/** The best place of each sample. */
function search(task: Search): Tensor {
  const { model, points, moves, queries, seed } = task;
  const randoms = Array.from(points.index, (sample) => randomFrom(seed, "square", sample));
  const places = moves.start(points.images, randoms);
  const margins = margin(answer(model, places), points.labels);
  for (let query = 0; query < queries; ) {
    query = scope(() => queryUntilOneFalls(query, { places, margins, randoms }, task));
  }
  return places;
}

/** What is known of all samples; the search writes into it. */
interface Progress {
  readonly places: Tensor;
  /** (n), over 0 where the network is misled. */
  readonly margins: Tensor;
  readonly randoms: readonly Random[];
}

/** Moves the samples that stand until there is one fewer of them; returns the number of the query to come. */
function queryUntilOneFalls(first: number, { places, margins, randoms }: Progress, task: Search): number {
  const rows = margins.le(0).nonzero().squeeze(1);
  if (rows.size === 0) return task.queries;
  const at = (all: Tensor) => all.indexSelect(0, rows);
  const own = {
    clean: at(task.points.images),
    labels: at(task.points.labels),
    places: at(places),
    margins: at(margins),
  };
  const streams = Array.from(rows.data() as BigInt64Array, (row) => randoms[Number(row)]!);
  let query = first;
  while (query < task.queries && !scope(() => tryOnce(query, own, streams, task))) query++;
  places.indexCopy_(0, rows, own.places);
  margins.indexCopy_(0, rows, own.margins);
  return query + 1;
}

interface Standing {
  readonly clean: Tensor;
  readonly labels: Tensor;
  readonly places: Tensor;
  readonly margins: Tensor;
}

/** Whether the network was misled about any sample. */
function tryOnce(query: number, own: Standing, randoms: readonly Random[], { model, moves, pInit }: Search): boolean {
  const { clean, labels, places, margins } = own;
  const side = moves.side(shareAt(query, pInit), clean.shape[2]!, clean.shape[3]!);
  const tried = moves.propose(clean, places, side, randoms);
  const reached = margin(answer(model, tried), labels);
  const better = reached.gt(margins);
  places.copy_(ops.where(perImage(better, places), tried, places));
  margins.copy_(ops.where(better, reached, margins));
  return margins.amax().item() > 0;
}

const halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];

function shareAt(query: number, pInit: number): number {
  return pInit / 2 ** halvings.filter((passed) => query > passed).length;
}
