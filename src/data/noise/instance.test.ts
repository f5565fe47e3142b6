import { describe, expect, it } from "vitest";
import { classNames, noisy, smallEmbeddings, smallImages } from "../../../test/support/noise-data.js";
import { liveTensors } from "../../torch/index.js";
import { randomFrom } from "../random.js";
import { channelStatistics } from "../statistics.js";
import type { HeldSamples } from "../types.js";

/** x_i W_{y_i} of the definition, term by term. */
function scoresOf({ values, shape, labels }: HeldSamples, classes: number, seed: number, index: number): number[] {
  const features = shape.reduce((size, side) => size * side, 1);
  const { mean, std } = channelStatistics({ values, shape, labels });
  const { normal } = randomFrom(seed, "instance noise", "projection", labels[index]!);
  const weights = Array.from({ length: features }, () => Array.from({ length: classes }, normal));
  const scores = new Array<number>(classes).fill(0);
  for (let f = 0; f < features; f++) {
    const channel = Math.floor((f * mean.length) / features);
    const value = values[index * features + f]! / (values instanceof Uint8Array ? 255 : 1);
    for (let j = 0; j < classes; j++) scores[j]! += ((value - mean[channel]!) / std[channel]!) * weights[f]![j]!;
  }
  return scores;
}

describe("instance-dependent noise", () => {
  it.each([0.1, 0.29, 0.45, 0.9, 1])("makes exactly the rate %d of all labels wrong", async (rate) => {
    const samples = smallEmbeddings(1000, 7);
    const { changed } = await noisy(`instance:${rate}`, samples, 3, classNames(7));
    expect(changed.length / 2).toBe(Math.round(1000 * rate));
  });

  it.each([
    ["images", smallImages(300, 4)],
    ["arrays", smallEmbeddings(300, 4)],
  ])("of %s draws each wrong label as often as the softmax of its projection says", async (_, samples) => {
    let [expected, variance, likeliest] = [0, 0, 0];
    const seed = 11;
    const { labels } = (await noisy("instance:1", samples, seed, classNames(4))).samples;
    labels.forEach((label, i) => {
      const others = scoresOf(samples, 4, seed, i).filter((__, j) => j !== samples.labels[i]);
      const exps = others.map((score) => Math.exp(score - Math.max(...others)));
      const share = 1 / exps.reduce((sum, value) => sum + value, 0);
      expected += share;
      variance += share * (1 - share);
      const classes = [0, 1, 2, 3].filter((j) => j !== samples.labels[i]);
      if (classes[others.indexOf(Math.max(...others))] === label) likeliest += 1;
    });
    expect(expected).toBeGreaterThan(150);
    expect(Math.abs(likeliest - expected)).toBeLessThan(3 * Math.sqrt(variance) + 1);
  });

  it("gives samples of a class that are alike mostly the same wrong label, and their opposites another", async () => {
    const values = Float32Array.from({ length: 200 * 40 }, (_, i) => Math.sin(i % 40) * (i < 4000 ? 1 : -1));
    const samples = { values, shape: [40], labels: new Int32Array(200) };
    const { labels } = (await noisy("instance:1", samples, 3)).samples;
    const commonest = [labels.subarray(0, 100), labels.subarray(100)].map((half) => {
      const counts = classNames(10).map((_, j) => half.filter((label) => label === j).length);
      expect(Math.max(...counts)).toBeGreaterThan(60);
      return counts.indexOf(Math.max(...counts));
    });
    expect(commonest[0]).not.toBe(commonest[1]);
  });

  it("leaves no tensor behind", async () => {
    const before = liveTensors();
    await noisy("instance:0.4", smallImages(600, 10));
    expect(liveTensors()).toBe(before);
  });
});
