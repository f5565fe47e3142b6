import { describe, expect, it } from "vitest";
import { randomFrom } from "../../../data/random.js";
import { confusionNoise } from "./confusion-noise.js";

const classes = 5;

/** A weak network's probabilities for labels drawn from them (sharpened by `power`), of which a part is changed to the next class. */
function labelsOf({ rate = 0, power = 1, n = 600, seed = 3 }) {
  const random = randomFrom(seed, "confusions", rate);
  const probabilities = new Float32Array(n * classes);
  let wrong = 0;
  const labels = Int32Array.from({ length: n }, (_, i) => {
    const logits = Array.from({ length: classes }, () => 1.5 * random.normal());
    const softmax = (scale: number) => {
      const odds = logits.map((z) => Math.exp(scale * z));
      return odds.map((value) => value / odds.reduce((sum, one) => sum + one, 0));
    };
    probabilities.set(softmax(1), i * classes);
    const truth = drawn(softmax(power), random.uniform());
    const isWrong = random.uniform() < rate;
    wrong += Number(isWrong);
    return isWrong ? (truth + 1) % classes : truth;
  });
  return { probabilities, labels, truth: wrong / n };
}

function drawn(probabilities: readonly number[], at: number): number {
  let sum = 0;
  const found = probabilities.findIndex((p) => {
    sum += p;
    return sum > at;
  });
  return found < 0 ? probabilities.length - 1 : found;
}

describe("noise between certain classes", () => {
  it("shows by chance in at most one of twelve data sets where a weak network's errors follow its doubts, too confident or too little", () => {
    const shown = [0.7, 1, 2].flatMap((power) =>
      [1, 2, 3, 4].filter((seed) => {
        const { probabilities, labels } = labelsOf({ power, seed, n: 300 });
        return confusionNoise(probabilities, labels, classes)!.shows;
      }),
    );
    expect(shown.length).toBeLessThanOrEqual(1);
  });

  it.each([0.2, 0.4])("shows, and is estimated within a fifth, for a rate of %f", (rate) => {
    const { probabilities, labels, truth } = labelsOf({ rate, power: 2 });
    const found = confusionNoise(probabilities, labels, classes)!;
    expect(found.shows).toBe(true);
    expect(Math.abs(found.rate - truth)).toBeLessThanOrEqual(truth / 5);
  });

  it("is not looked for in too few samples for each pair of classes", () => {
    const { probabilities, labels } = labelsOf({ n: 49 });
    expect(confusionNoise(probabilities, labels, classes)).toBeNull();
  });
});
