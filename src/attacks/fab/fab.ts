// The fast adaptive boundary attack, targeted: walks along the boundary between two classes, near the image.
import { ops, scope, type Tensor } from "../../torch/index.js";
import { attackStanding, type See } from "../search/still-correct.js";
import { perImage, requireBall } from "../steps/geometry.js";
import { answer, slopeAt } from "../steps/gradient.js";
import { logitDifference } from "../steps/losses.js";
import { requireShare, requireSteps, requireWeight } from "../steps/ranges.js";
import { wrongClasses } from "../steps/targets.js";
import type { Attack, AttackBatch, Ball, Classifier } from "../types.js";
import { projectOntoHyperplane } from "./hyperplanes.js";

export interface FabOptions {
  readonly ball: Ball;
  readonly iterations?: number;
  /** How many classes are aimed at, the likeliest wrong ones first; all of them where there are fewer. */
  readonly targets?: number;
  /** The most that a step is drawn towards the image itself. */
  readonly alphaMax?: number;
  /** How far a step goes, in ways to the boundary: over 1, to come out on its other side. */
  readonly eta?: number;
  /** What is left of the way from the image after the network was misled. */
  readonly beta?: number;
}

/**
 * Targeted FAB: projects onto the linearised boundary f = z_t - z_y = 0, from where it is and from the image, and mixes both.
 *
 * x <- clip((1 - a)(x + eta d(x)) + a (x_0 + eta d(x_0))), a = min(|d(x)| / (|d(x)| + |d(x_0)|), alphaMax),
 * then x <- x_0 + beta (x - x_0) where the network is misled
 *
 * d is the shortest way onto the hyperplane inside [0, 1]. It searches for the nearest image that misleads, wherever that
 * is, and answers with one that it came through inside the ball. Nothing in it is random.
 * @throws InputError when an option is out of range.
 * @see Croce and Hein 2020 (arXiv 1907.02044)
 */
export function fabT(options: FabOptions): Attack {
  const { ball, iterations = 100, targets = 9, alphaMax = 0.1, eta = 1.05, beta = 0.9 } = options;
  requireBall(ball);
  requireSteps("iterations", iterations);
  requireSteps("targets", targets);
  requireShare("alphaMax", alphaMax);
  requireWeight("eta", eta);
  requireShare("beta", beta);
  const settings = { ball, iterations, alphaMax, eta, beta };
  return {
    name: "fab-t",
    perturb: (model, batch) =>
      attackStanding(model, batch, targets, (points, see, rank) => {
        const wrong = wrongClasses(model, points);
        if (rank >= (wrong.shape[1] as number)) return;
        const logits = answer(model, points.images);
        walk({ ...settings, model, points, logits, target: wrong.select(1, rank), see });
      }),
  };
}

interface Walk extends Required<Omit<FabOptions, "targets">> {
  readonly model: Classifier;
  readonly points: AttackBatch;
  /** The network's of the images as they are. */
  readonly logits: Tensor;
  readonly target: Tensor;
  readonly see: See;
}

function walk(along: Walk): void {
  const place = along.points.images.clone();
  for (let step = 0; step < along.iterations; step++) scope(() => void place.copy_(stepFrom(place, along)));
}

function stepFrom(place: Tensor, along: Walk): Tensor {
  const { model, points, ball, target, alphaMax, eta, beta } = along;
  const { images, labels } = points;
  const { losses, gradient } = slopeAt(model, place, (z) => logitDifference(target)(z, labels));
  const normal = gradient.flatten({ startDim: 1 });
  const offset = normal
    .mul(place.flatten({ startDim: 1 }))
    .sum(1)
    .sub(losses);
  const way = (from: Tensor) =>
    projectOntoHyperplane(ball.norm, from.flatten({ startDim: 1 }), { normal, offset }).reshape(place.shape);
  const [here, home] = [way(place), way(images)];
  const [near, far] = [lengths(here, ball.norm).clampMin(leastWay), lengths(home, ball.norm).clampMin(leastWay)];
  const alpha = perImage(near.div(near.add(far)).clampMax(alphaMax), place);
  const onwards = place.add(here, { alpha: eta }).mul(alpha.neg().add(1));
  const next = onwards.add(images.add(home, { alpha: eta }).mul(alpha)).clamp({ min: 0, max: 1 });
  const logits = answer(model, next);
  showInside(next, logits, along);
  const misled = perImage(logits.argmax({ dim: 1 }).ne(labels), place);
  return ops.where(misled, images.add(next.sub(images), { alpha: beta }), next);
}

/** Keeps the mix of two ways defined where both are nothing. */
const leastWay = 1e-8;

function lengths(vectors: Tensor, norm: Ball["norm"]): Tensor {
  const rows = vectors.flatten({ startDim: 1 });
  return norm === "inf" ? rows.abs().amax({ dim: [1] }) : rows.norm(2, 1);
}

/** Shows the places inside the ball, and the images themselves instead of those outside. */
function showInside(place: Tensor, logits: Tensor, { points, ball, logits: clean, see }: Walk): void {
  const inside = lengths(place.sub(points.images), ball.norm).le(ball.epsilon);
  see(ops.where(perImage(inside, place), place, points.images), ops.where(inside.unsqueeze(1), logits, clean));
}
