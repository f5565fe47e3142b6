// Instance-dependent label noise.
import { scope, type Tensor, tensor } from "../../torch/index.js";
import { requireHeld } from "../loader/streamed.js";
import { type Random, randomFrom } from "../random.js";
import { membersOf } from "../split/class-members.js";
import { channelStatistics } from "../statistics.js";
import type { HeldSamples, Samples } from "../types.js";
import { countAtRate } from "./rate.js";
import { systematicSample } from "./systematic-sample.js";

/** The deviation of the flip rates about their mean, as in the source. */
const spread = 0.1;

/** The number of samples projected at a time. */
const block = 256;

/**
 * Instance-dependent noise: sample i of class y is mislabeled with its own probability q_i, as the class that a random
 * projection of its values selects.
 *
 * q_i ~ N(rate, 0.1^2) truncated to [0, 1];  W_y ~ N(0, 1), (features, classes), one a class;
 * the wrong label j != y is drawn from softmax_{j != y}(x_i W_y), x_i flattened and normalized by channel (or feature)
 *
 * Differs from the source in the choice of the samples: there each is flipped with probability q_i, so that the rate holds in
 * expectation (and, q_i being truncated, not quite); here exactly floor(rate n) are, with probabilities proportional to q_i.
 * In float64, so that rounding differences between machines do not change labels.
 * @throws InputError for a rate outside [0, 1].
 * @see Xia et al. 2020, algorithm 2 (arXiv 2006.07836)
 */
export function instanceDependent(samples: Samples, classes: number, rate: number, seed: number): Int32Array {
  requireHeld(samples, 'noise "instance"');
  const { labels } = samples;
  const stream = (...keys: (string | number)[]) => randomFrom(seed, "instance noise", ...keys);
  const count = countAtRate(rate, labels.length);
  const rates = flipRates(labels.length, rate, stream("rates"));
  const chosen = new Set(systematicSample(rates, count, stream("choice")));
  const noisy = labels.slice();
  const random = stream("labels");
  const project = projector(samples, classes);
  for (const [label, members] of membersOf(labels, classes).entries()) {
    const indices = members.filter((i) => chosen.has(i));
    const scores = project(indices, stream("projection", label));
    indices.forEach((index, row) => {
      noisy[index] = drawOther(scores.subarray(row * classes, (row + 1) * classes), label, random);
    });
  }
  return noisy;
}

function flipRates(n: number, rate: number, random: Random): Float64Array {
  const draw = () => rate + spread * random.normal();
  return Float64Array.from({ length: n }, () => {
    let flipRate = draw();
    while (flipRate < 0 || flipRate > 1) flipRate = draw();
    return flipRate;
  });
}

/** Draws one projection W, (features, classes), and computes the scores x_i W of samples, (indices, classes) row-major. */
function projector(samples: HeldSamples, classes: number) {
  const features = samples.shape.reduce((size, side) => size * side, 1);
  const normalize = normalizer(samples, features);
  return (indices: readonly number[], random: Random): Float64Array => {
    const scores = new Float64Array(indices.length * classes);
    if (indices.length === 0) return scores;
    const weights = new Float64Array(features * classes);
    for (let i = 0; i < weights.length; i++) weights[i] = random.normal();
    scope(() => {
      const projection = tensor(weights, { shape: [features, classes] });
      for (let start = 0; start < indices.length; start += block) {
        const products = scope(() =>
          normalize(indices.slice(start, start + block))
            .matmul(projection)
            .data(),
        );
        scores.set(products as Float64Array, start * classes);
      }
    });
    return scores;
  };
}

/** The samples at the indices, flattened and normalized, as a tensor (indices, features) of float64. */
function normalizer({ values, shape, labels }: HeldSamples, features: number): (indices: readonly number[]) => Tensor {
  const { mean, std } = channelStatistics({ values, shape, labels });
  const pixels = values instanceof Uint8Array;
  const unit = pixels ? 255 : 1;
  const perChannel = (figures: readonly number[]) =>
    tensor(Float64Array.from(figures), { shape: [1, mean.length, 1] }).mul(unit);
  return (indices) => {
    const size = indices.length * features;
    const rows = pixels ? new Uint8Array(size) : new Float32Array(size);
    indices.forEach((index, row) => {
      rows.set(values.subarray(index * features, (index + 1) * features), row * features);
    });
    const stored = tensor(rows, { shape: [indices.length, mean.length, features / mean.length] });
    return stored.to("float64").sub(perChannel(mean)).div(perChannel(std)).flatten({ startDim: 1 });
  };
}

/** A class drawn from the softmax of the scores with one class left out. */
function drawOther(scores: Float64Array, label: number, random: Random): number {
  const highest = scores.reduce((most, score, j) => (j === label ? most : Math.max(most, score)), -Infinity);
  const weights = scores.map((score, j) => (j === label ? 0 : Math.exp(score - highest)));
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const drawn = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  // The subtractions may round past the end: then the most likely class.
  return drawn >= 0 ? drawn : scores.findIndex((score, j) => j !== label && score === highest);
}
