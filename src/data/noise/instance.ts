// Wrong labels that depend on what the sample looks like.
import { membersOf } from "../members.js";
import { type Random, randomFrom } from "../random.js";
import { channelStatistics } from "../statistics.js";
import type { Samples } from "../types.js";
import { wholeShare } from "./rate.js";
import { systematicSample } from "./systematic-sample.js";

/** The deviation of the flip rates about their mean, as in the source. */
const spread = 0.1;

/**
 * Instance-dependent noise: sample i of class y is mistaken with its own chance q_i, for the class that a random
 * projection of its values says.
 *
 * q_i ~ N(rate, 0.1^2) truncated to [0, 1];  W_y ~ N(0, 1), (features, classes), one a class;
 * the wrong label j != y is drawn from softmax_{j != y}(x_i W_y), x_i flattened and normalised by channel (or feature)
 *
 * Differs from the source in the choice of the samples: there each is flipped with chance q_i, so that the rate holds in
 * expectation (and, q_i being truncated, not quite); here exactly floor(rate n) are, with chances proportional to q_i.
 * Plain loops in float64: the same labels on every machine.
 *
 * Throws `InputError` on a rate outside [0, 1].
 * @see Xia et al. 2020, algorithm 2 (arXiv 2006.07836)
 */
export function instanceDependent(samples: Samples, classes: number, rate: number, seed: number): Int32Array {
  const { labels } = samples;
  const stream = (...keys: (string | number)[]) => randomFrom(seed, "instance noise", ...keys);
  const count = wholeShare(rate, labels.length);
  const flipped = systematicSample(flipRates(labels.length, rate, stream("rates")), count, stream("choice")).sort();
  const noisy = labels.slice();
  const random = stream("labels");
  const { features, project } = projector(samples, classes);
  membersOf(
    Int32Array.from(flipped, (index) => labels[index]!),
    classes,
  ).forEach((members, label) => {
    if (members.length === 0) return;
    const normal = stream("projection", label).normal;
    const projection = Float64Array.from({ length: features * classes }, normal);
    for (const member of members) {
      const index = flipped[member]!;
      noisy[index] = drawOther(project(index, projection), label, random);
    }
  });
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

/** x_i W for one sample and a matrix (features, classes); the scores handed out are overwritten by the next call. */
function projector({ values, shape, labels }: Samples, classes: number) {
  const features = shape.reduce((size, side) => size * side, 1);
  const { mean, std } = channelStatistics({ values, shape, labels });
  const unit = values instanceof Uint8Array ? 255 : 1;
  const plane = features / mean.length;
  const scores = new Float64Array(classes);
  const project = (index: number, projection: Float64Array): Float64Array => {
    scores.fill(0);
    for (let f = 0, at = 0; f < features; f++) {
      const channel = Math.floor(f / plane);
      const x = (values[index * features + f]! / unit - mean[channel]!) / std[channel]!;
      for (let j = 0; j < classes; j++, at++) scores[j]! += x * projection[at]!;
    }
    return scores;
  };
  return { features, project };
}

/** A class drawn from the softmax of the scores with one class left out. */
function drawOther(scores: Float64Array, label: number, random: Random): number {
  const highest = scores.reduce((most, score, j) => (j === label ? most : Math.max(most, score)), -Infinity);
  const shares = scores.map((score, j) => (j === label ? 0 : Math.exp(score - highest)));
  let left = random.uniform() * shares.reduce((sum, share) => sum + share, 0);
  const drawn = shares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  // The subtractions may round past the end; the likeliest class is then as good.
  return drawn >= 0 ? drawn : scores.findIndex((score, j) => j !== label && score === highest);
}
