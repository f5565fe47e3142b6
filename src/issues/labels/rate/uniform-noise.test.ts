import { describe, expect, it } from "vitest";
import { randomFrom } from "../../../data/random.js";
import { leastGain, uniformNoise } from "./uniform-noise.js";

const classes = 10;
const samples = 1500;

type Flip = (truth: number, random: ReturnType<typeof randomFrom>) => number;
const uniform: Flip = (truth, random) => (truth + 1 + random.integer(classes - 1)) % classes;
const next: Flip = (truth) => (truth + 1) % classes;

interface Network {
  readonly rate: number;
  /** How far the true classes' logits are apart: the lower, the more the network errs. */
  readonly scale: number;
  /** Of its probabilities: over- or underconfident other than at 1. */
  readonly power?: number;
  /** How much of the noise it has learned to expect: m = c T^learned. */
  readonly learned?: number;
  readonly flip?: Flip;
}

/** Labels and predictions of a network that knows the probabilities c of the true classes, and something of the noise. */
function planted({ rate, scale, power = 1, learned = 0, flip = uniform }: Network) {
  const random = randomFrom(3, "noise", rate, scale, power);
  const probabilities = new Float32Array(samples * classes);
  let [wrong, errors] = [0, 0];
  const labels = Int32Array.from({ length: samples }, (_, i) => {
    const clean = softmax(Array.from({ length: classes }, () => scale * random.normal()));
    const truth = draw(clean, random.uniform());
    const label = random.uniform() < rate ? flip(truth, random) : truth;
    const expected = clean.map((c, j) => {
      const other = flip === next ? clean[(j + classes - 1) % classes]! : (1 - c) / (classes - 1);
      return ((1 - rate * learned) * c + rate * learned * other) ** power;
    });
    const total = expected.reduce((sum, m) => sum + m, 0);
    probabilities.set(
      expected.map((m) => m / total),
      i * classes,
    );
    wrong += Number(label !== truth);
    errors += Number(clean.indexOf(Math.max(...clean)) !== truth);
    return label;
  });
  return { probabilities, labels, truth: wrong / samples, errors: errors / samples };
}

function softmax(logits: number[]) {
  const exps = logits.map(Math.exp);
  const total = exps.reduce((sum, e) => sum + e, 0);
  return exps.map((e) => e / total);
}

function draw(probabilities: number[], at: number): number {
  let below = 0;
  for (const [j, p] of probabilities.entries()) {
    below += p;
    if (below > at) return j;
  }
  return probabilities.length - 1;
}

describe("the rate of uniform noise under out-of-sample predictions", () => {
  it.each(
    [0.05, 0.1, 0.2, 0.4].flatMap((rate) =>
      [
        [1, 8],
        [1.5, 8],
        [0.7, 8],
        [1, 4],
        [1.5, 4],
      ].map(([power, scale]) => [rate, power!, scale!] as const),
    ),
  )(
    "is within a fifth or two points of %f for probabilities to the power of %f, logits %f apart",
    (rate, power, scale) => {
      const { probabilities, labels, truth, errors } = planted({ rate, scale, power });
      const estimate = uniformNoise(probabilities, labels, classes);
      expect(errors).toBeGreaterThan(0.05);
      expect(Math.abs(estimate.rate - truth)).toBeLessThanOrEqual(Math.max(0.02, truth / 5));
      expect(estimate.gain).toBeGreaterThan(leastGain);
    },
  );

  it.each([
    [8, 1],
    [4, 1],
    [2, 1],
    [1, 1],
    [4, 10],
    [1, 10],
  ])(
    "does not explain clean labels better than the errors of a network, logits %f apart, probabilities to the power of %f",
    (scale, power) => {
      const { probabilities, labels } = planted({ rate: 0, scale, power });
      expect(uniformNoise(probabilities, labels, classes).gain).toBeLessThan(leastGain);
    },
  );

  it("gains nothing by noise from class to class that the network has learned: other evidence has to tell", () => {
    const { probabilities, labels } = planted({ rate: 0.2, scale: 8, learned: 1, flip: next });
    expect(uniformNoise(probabilities, labels, classes).gain).toBeLessThan(leastGain);
  });

  it("is 0 without samples", () => {
    expect(uniformNoise(new Float32Array(0), new Int32Array(0), classes)).toMatchObject({ rate: 0, gain: 0 });
  });
});
