import { expect, it } from "vitest";
import { randomFrom } from "../../data/index.js";
import { crossEntropy, selfAdaptive } from "../../objectives/index.js";
import { tensor } from "../../torch/index.js";
import { recoveredLabels, targetDrift } from "./target-figures.js";

it("recovered labels are the share of samples whose largest target is the clean label", () => {
  const random = randomFrom(1, "recovered");
  const draw = () => Int32Array.from({ length: 30 }, () => random.integer(4));
  const [given, clean] = [draw(), draw()];
  const objective = selfAdaptive({ labels: given, classes: 4 });
  const rows = Array.from({ length: 30 }, () => Array.from({ length: 4 }, () => random.uniform()));
  objective.load(new Map([["targets", tensor(rows)]]));
  const indices = random.permutation(30).subarray(0, 17);
  let right = 0;
  for (const sample of indices) {
    const row = rows[sample] as number[];
    if (row.indexOf(Math.max(...row)) === clean[sample]) right++;
  }
  expect(recoveredLabels(objective, clean, indices)).toBe(right / 17);
  expect(right).toBeGreaterThan(0);
});

it("targets at rest recover the labels that were right to begin with, and cross entropy has none", () => {
  const [given, clean] = [Int32Array.of(0, 1, 2, 0), Int32Array.of(0, 1, 0, 1)];
  const objective = selfAdaptive({ labels: given, classes: 3 });
  expect(recoveredLabels(objective, clean, Int32Array.of(0, 1, 2, 3))).toBe(0.5);
  expect(recoveredLabels(crossEntropy(), clean, Int32Array.of(0))).toBeNull();
});

it("targets that are averages from zero drift by what they are in proportion, and not before they have one", () => {
  const given = Int32Array.of(0, 1, 0);
  const targets = tensor([
    [0.2, 0.2],
    [0.1, 0.3],
    [0, 0],
  ]);
  const train = { values: new Float32Array(), shape: [0], labels: given };
  expect(targetDrift({ targets }, { train, trainIndices: Int32Array.of(0, 1, 2) })).toBeCloseTo(0.75 / 3, 6);
});

it("targets have drifted from the labels by what is left of the labels' share", () => {
  const given = Int32Array.of(2, 0, 1);
  const targets = tensor([
    [0.1, 0.2, 0.7],
    [0.5, 0.25, 0.25],
    [1, 0, 0],
  ]);
  const train = { values: new Float32Array(), shape: [0], labels: given };
  expect(targetDrift({ targets }, { train, trainIndices: Int32Array.of(0, 1) })).toBeCloseTo(0.4, 6);
  expect(targetDrift({ targets }, { train, trainIndices: Int32Array.of(0, 1, 2) })).toBeCloseTo(1.8 / 3, 6);
});
