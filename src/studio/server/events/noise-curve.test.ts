import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { confidentDisagreement as byProbabilities } from "../../../issues/labels/rate/confident-disagreement.js";
import { writeHistory } from "../../../runs/files/history-files.js";
import { confidentDisagreement, followNoise } from "./noise-curve.js";

const folder = temporaryFolder();
const [samples, classes] = [400, 3];
const labels = Int32Array.from({ length: samples }, (_, i) => i % classes);

/** Logits of a network that knows every class, and labels of which a fifth are others. */
const logits = labels.map((label, i) => (i % 5 === 0 ? (label + 1) % classes : label));
const row = (i: number) =>
  Array.from({ length: classes }, (_, k) => (logits[i] === k ? 2 + Math.sin(i) : Math.cos(i * (k + 2)) / 2));

const history = new Float32Array(
  Array.from(labels, (label, i) => {
    const z = row(i);
    const total = z.reduce((sum, value) => sum + Math.exp(value), 0);
    const others = z.filter((_, k) => k !== label);
    return [Math.exp(z[label]!) / total, z[label]! - Math.max(...others), z.indexOf(Math.max(...z))];
  }).flat(),
);

it("the disagreement of the confident predictions is that of the full probabilities", () => {
  const softmax = Float32Array.from(
    Array.from(labels, (_, i) => {
      const total = row(i).reduce((sum, value) => sum + Math.exp(value), 0);
      return row(i).map((value) => Math.exp(value) / total);
    }).flat(),
  );
  expect(confidentDisagreement(history)).toBeCloseTo(byProbabilities(softmax, labels, classes, 0.1)!, 12);
  expect(confidentDisagreement(new Float32Array(30).fill(Number.NaN))).toBeNull();
});

it("each epoch is given once, and all again after a resumed run has cut them off", () => {
  const run = folder("run");
  mkdirSync(run, { recursive: true });
  const next = followNoise(run);
  expect(next()).toEqual([]);
  writeHistory(run, 0, history);
  writeHistory(run, 1, history);
  expect(next().map(({ epoch }) => epoch)).toEqual([0, 1]);
  expect(next()).toEqual([]);
  rmSync(join(run, "record", "0001.npy"));
  expect(next().map(({ epoch }) => epoch)).toEqual([0]);
});
