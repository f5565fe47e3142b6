// The ball that an attack stays in: projection, steps, and random points.
import { randomFrom } from "../../data/random.js";
import { scope, type Tensor, tensor } from "../../torch/index.js";
import type { AttackBatch, Ball } from "../types.js";

/** Keeps directions finite where a gradient is zero. */
const least = 1e-12;

/** One value a sample, (n), shaped so that it broadcasts over the pixels of its image. */
export function perImage(values: Tensor, images: Tensor): Tensor {
  return values.reshape([-1, ...images.shape.slice(1).map(() => 1)]);
}

/** |v_i|_p of each sample, shaped to broadcast over its image's pixels. */
export function normOf(vectors: Tensor, p: 1 | 2): Tensor {
  return perImage(vectors.flatten({ startDim: 1 }).norm(p, 1), vectors);
}

/** |v_i| of each sample in the ball's norm, (n). */
export function lengths(vectors: Tensor, norm: Ball["norm"]): Tensor {
  const rows = vectors.flatten({ startDim: 1 });
  return norm === "inf" ? rows.abs().amax({ dim: [1] }) : rows.norm(2, 1);
}

/** The nearest images inside the ball around `clean`, then inside [0, 1], which leads no further from `clean`. */
export function project(images: Tensor, clean: Tensor, { norm, epsilon }: Ball): Tensor {
  return scope(() => insideBall(images, clean, norm, epsilon).clamp({ min: 0, max: 1 }));
}

function insideBall(images: Tensor, clean: Tensor, norm: Ball["norm"], epsilon: number): Tensor {
  const delta = images.sub(clean);
  if (norm === "inf") return clean.add(delta.clamp({ min: -epsilon, max: epsilon }));
  const scale = normOf(delta, 2).clampMin(least).reciprocal().mul(epsilon).clampMax(1);
  return clean.add(delta.mul(scale));
}

/** The direction of steepest ascent, of length 1 in the norm: sign(g), or g / |g|_2. */
export function steepest(gradient: Tensor, norm: Ball["norm"]): Tensor {
  return norm === "inf" ? gradient.sign() : gradient.div(normOf(gradient, 2).add(least));
}

/** The key of a sample's random draws, in addition to its index in the data set. */
export interface DrawKey {
  readonly seed: number;
  readonly attack: string;
  readonly restart: number;
}

/**
 * Images drawn uniformly from the balls around a batch's, not clamped to [0, 1]. A sample's draw depends on its position in
 * the data set and the key alone, not on the batch it comes in.
 */
export function randomStarts({ images, index }: AttackBatch, ball: Ball, { seed, attack, restart }: DrawKey): Tensor {
  const pixels = images.size / index.length;
  const draws = new Float64Array(images.size);
  index.forEach((sample, i) => {
    const random = randomFrom(seed, attack, sample, restart);
    fillUniformly(draws.subarray(i * pixels, (i + 1) * pixels), ball, random);
  });
  return scope(() => {
    const { shape, dtype, device } = images;
    return images.add(tensor(draws, { shape, dtype, device }));
  });
}

/** Draws a point of the ball around 0: a direction of N(0, 1) draws at radius epsilon u^(1/d), or d uniform draws. */
function fillUniformly(point: Float64Array, { norm, epsilon }: Ball, random: ReturnType<typeof randomFrom>): void {
  if (norm === "inf") {
    for (let i = 0; i < point.length; i++) point[i] = epsilon * (2 * random.uniform() - 1);
    return;
  }
  for (let i = 0; i < point.length; i++) point[i] = random.normal();
  const length = Math.sqrt(point.reduce((sum, value) => sum + value * value, 0));
  const radius = epsilon * random.uniform() ** (1 / point.length);
  for (let i = 0; i < point.length; i++) point[i] = (point[i] as number) * (radius / length);
}
