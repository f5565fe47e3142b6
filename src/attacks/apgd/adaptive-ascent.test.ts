// Auto-PGD against plain loops over numbers, on a network whose gradient has a closed form.
import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { randomFrom } from "../../data/index.js";
import { keep, type Tensor, tensor } from "../../torch/index.js";
import { crossEntropy } from "../steps/losses.js";
import type { Ball } from "../types.js";
import { adaptiveAscent, checkpointsOf } from "./adaptive-ascent.js";

const [pixels, classes] = [4, 3];
const random = randomFrom(11, "apgd");
const draw = (count: number, from: number, to: number) =>
  Array.from({ length: count }, () => from + (to - from) * random.uniform());
const weights = Array.from({ length: classes }, () => draw(pixels, -6, 6));
const centers = Array.from({ length: classes }, () => draw(pixels, 0.2, 0.8));

/** z_j = sum_d w_jd (x_d - c_jd)^2 + sum_d sin(8 x_d) [j = 0], of images (n, 1, 1, pixels). */
function network(images: Tensor): Tensor {
  const x = images.flatten({ startDim: 1 }).unsqueeze(1);
  const [w, c] = [weights, centers].map((rows) => tensor(rows, { dtype: "float64" })) as [Tensor, Tensor];
  const wave = x
    .mul(8)
    .sin()
    .sum([2])
    .mul(tensor([1, 0, 0], { dtype: "float64" }));
  return x.sub(c).square().mul(w).sum([2]).add(wave);
}

/** The cross entropy of one image and its gradient, by plain loops. */
function plainLoss(x: readonly number[], label: number): { loss: number; gradient: number[] } {
  const at = (rows: number[][], j: number, d: number) => (rows[j] as number[])[d] as number;
  const logits = weights.map((row, j) => {
    const bowl = row.reduce((sum, w, d) => sum + w * ((x[d] as number) - at(centers, j, d)) ** 2, 0);
    return j === 0 ? x.reduce((sum, value) => sum + Math.sin(8 * value), bowl) : bowl;
  });
  const total = logits.reduce((sum, value) => sum + Math.exp(value), 0);
  const errors = logits.map((value, j) => Math.exp(value) / total - (j === label ? 1 : 0));
  const gradient = x.map((value, d) => {
    const slopes = errors.map((error, j) => {
      const wave = j === 0 ? 8 * Math.cos(8 * value) : 0;
      return error * (2 * at(weights, j, d) * (value - at(centers, j, d)) + wave);
    });
    return slopes.reduce((sum, slope) => sum + slope, 0);
  });
  return { loss: Math.log(total) - (logits[label] as number), gradient };
}

const length = (values: readonly number[]) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

function plainProject(x: readonly number[], clean: readonly number[], { norm, epsilon }: Ball): number[] {
  const delta = x.map((value, d) => value - (clean[d] as number));
  const scale = Math.min(1, epsilon / length(delta));
  return delta.map((value, d) => {
    const inside = norm === "2" ? value * scale : Math.min(Math.max(value, -epsilon), epsilon);
    return Math.min(Math.max((clean[d] as number) + inside, 0), 1);
  });
}

interface PlainWalk {
  readonly points: number[][];
  /** The step size of each step. */
  readonly sizes: number[];
}

/** Algorithm 1 of Croce & Hein 2020 on one image. */
function plainAscent(
  clean: number[],
  label: number,
  start: number[],
  ball: Ball,
  steps: number,
  rho: number,
): PlainWalk {
  const marks = [0.22, 0.41, 0.57, 0.7, 0.8, 0.87, 0.93, 0.99].map((p) => Math.ceil(Number((p * steps).toFixed(6))));
  let [x, before] = [start, start];
  let { loss, gradient } = plainLoss(x, label);
  let top = { x, loss, gradient };
  let size = 2 * ball.epsilon;
  let [gains, lastMark, lastTop, lastHalved] = [0, 0, loss, false];
  const walk: PlainWalk = { points: [x], sizes: [] };
  for (let k = 1; k <= steps; k++) {
    const along = ball.norm === "inf" ? gradient.map(Math.sign) : gradient.map((g) => g / length(gradient));
    const z = plainProject(
      x.map((value, d) => value + size * (along[d] as number)),
      clean,
      ball,
    );
    const step = k === 1 ? 1 : 0.75;
    const mixed = x.map(
      (value, d) => value + step * ((z[d] as number) - value) + (1 - step) * (value - (before[d] as number)),
    );
    walk.sizes.push(size);
    before = x;
    x = plainProject(mixed, clean, ball);
    walk.points.push(x);
    const next = plainLoss(x, label);
    if (next.loss > loss) gains++;
    ({ loss, gradient } = next);
    if (loss > top.loss) top = { x, loss, gradient };
    if (!marks.includes(k)) continue;
    const halved = gains < rho * (k - lastMark) || (!lastHalved && lastTop === top.loss);
    if (halved) {
      size /= 2;
      ({ x, loss, gradient } = top);
    }
    [gains, lastMark, lastTop, lastHalved] = [0, k, top.loss, halved];
  }
  return walk;
}

describe("the checkpoints of Auto-PGD", () => {
  it("are the paper's: stretches of 22%, each 3% shorter than the one before, down to 6%", () => {
    expect(checkpointsOf(100)).toEqual([22, 41, 57, 70, 80, 87, 93, 99]);
    expect(checkpointsOf(1000)).toEqual([220, 410, 570, 700, 800, 870, 930, 990]);
  });

  it("are rounded up, and each counts once where steps are few", () => {
    expect(checkpointsOf(20)).toEqual([5, 9, 12, 14, 16, 18, 19, 20]);
    expect(checkpointsOf(3)).toEqual([1, 2, 3]);
  });
});

describe.each<Ball>([
  { norm: "inf", epsilon: 0.2 },
  { norm: "2", epsilon: 0.3 },
])("Auto-PGD in the $norm norm", (ball) => {
  const steps = 40;
  const rho = 0.75;
  const labels = [0, 1, 2, 0, 1, 2];
  const clean = labels.map(() => draw(pixels, 0, 1));
  const starts = clean.map((image) =>
    plainProject(
      image.map((value) => value + ball.epsilon * (2 * random.uniform() - 1)),
      image,
      ball,
    ),
  );
  const walks = clean.map((image, i) =>
    plainAscent(image, labels[i] as number, starts[i] as number[], ball, steps, rho),
  );

  it("follows the plain loop, step by step, with a step size for each sample", () => {
    const shape = [labels.length, 1, 1, pixels];
    const images = (rows: number[][]) => tensor(Float64Array.from(rows.flat()), { shape });
    const points: Tensor[] = [];
    adaptiveAscent({
      model: network,
      batch: {
        images: images(clean),
        labels: tensor(labels, { dtype: "int64" }),
        index: Int32Array.from(labels.keys()),
      },
      ball,
      loss: crossEntropy,
      start: images(starts),
      steps,
      rho,
      consider: (tried) => points.push(keep(tried.clone())),
    });
    expect(points.length).toBe(steps + 1);
    points.forEach((point, k) => {
      expectAllClose(
        point.flatten({ startDim: 1 }),
        walks.map(({ points }) => points[k] as number[]),
        { atol: 1e-9 },
      );
    });
  });

  it("has step sizes here that are halved often, and not alike for all samples", () => {
    const halvings = walks.map(({ sizes }) => sizes.flatMap((size, k) => (k > 0 && size !== sizes[k - 1] ? [k] : [])));
    expect(new Set(halvings.map(String)).size).toBeGreaterThan(1);
    expect(Math.max(...halvings.map((steps) => steps.length))).toBeGreaterThan(2);
  });
});
