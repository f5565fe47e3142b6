// The ball that an attack may not leave: projection, steps, and random places in it.
import { randomFrom } from "../../data/index.js";
import { InputError } from "../../errors.js";
import { scope, type Tensor, tensor } from "../../torch/index.js";
import type { AttackBatch, Ball } from "../types.js";

/** Keeps directions finite where a gradient is zero. */
const least = 1e-12;

/** @throws InputError unless the radius is finite and 0 or more. */
export function requireBall({ norm, epsilon }: Ball): void {
  if (norm !== "inf" && norm !== "2")
    throw new InputError(`the norm is ${JSON.stringify(norm)}; expected "inf" or "2"`);
  if (!(epsilon >= 0 && Number.isFinite(epsilon))) {
    throw new InputError(`epsilon is ${epsilon}; expected a finite number of at least 0`);
  }
}

/** One value a sample, (n), shaped so that it meets every pixel of its image. */
export function perImage(values: Tensor, images: Tensor): Tensor {
  return values.reshape([-1, ...images.shape.slice(1).map(() => 1)]);
}

/** |v_i|_p of each sample, shaped to meet its image's pixels. */
export function normOf(vectors: Tensor, p: 1 | 2): Tensor {
  return perImage(vectors.flatten({ startDim: 1 }).norm(p, 1), vectors);
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

/** The direction of a step of length 1 in the norm that climbs most: sign(g), or g / |g|_2. */
export function steepest(gradient: Tensor, norm: Ball["norm"]): Tensor {
  return norm === "inf" ? gradient.sign() : gradient.div(normOf(gradient, 2).add(least));
}

/** What names a sample's draws, beside its position in the data set. */
export interface DrawKey {
  readonly seed: number;
  readonly attack: string;
  readonly restart: number;
}

/**
 * Images drawn evenly from the balls around a batch's, not clamped to [0, 1]. A sample's draw depends on its position in
 * the data set and the key alone, not on the batch it comes in.
 */
export function randomStarts({ images, index }: AttackBatch, ball: Ball, { seed, attack, restart }: DrawKey): Tensor {
  const pixels = images.size / index.length;
  const draws = new Float64Array(images.size);
  index.forEach((sample, i) => {
    const random = randomFrom(seed, attack, sample, restart);
    fillEvenly(draws.subarray(i * pixels, (i + 1) * pixels), ball, random);
  });
  return scope(() => {
    const { shape, dtype, device } = images;
    return images.add(tensor(draws, { shape, dtype, device }));
  });
}

/** Fills with one place of the ball around 0: a direction of N(0, 1) draws at radius epsilon u^(1/d), or d even draws. */
function fillEvenly(place: Float64Array, { norm, epsilon }: Ball, random: ReturnType<typeof randomFrom>): void {
  if (norm === "inf") {
    for (let i = 0; i < place.length; i++) place[i] = epsilon * (2 * random.uniform() - 1);
    return;
  }
  for (let i = 0; i < place.length; i++) place[i] = random.normal();
  const length = Math.sqrt(place.reduce((sum, value) => sum + value * value, 0));
  const radius = epsilon * random.uniform() ** (1 / place.length);
  for (let i = 0; i < place.length; i++) place[i] = (place[i] as number) * (radius / length);
}
