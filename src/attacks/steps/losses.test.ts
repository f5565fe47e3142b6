import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { randomLogits } from "../../../test/support/plain-softmax.js";
import { InputError } from "../../errors.js";
import { tensor } from "../../torch/index.js";
import {
  crossEntropy,
  differenceOfLogitsRatio,
  logitDifference,
  margin,
  targetedDifferenceOfLogitsRatio,
} from "./losses.js";

const logits = randomLogits(5, 6, 5);
const labels = [0, 4, 2, 1, 3, 3];
const targets = [3, 0, 1, 4, 2, 0];

const z = tensor(logits, { dtype: "float64" });
const y = tensor(labels, { dtype: "int64" });
const t = tensor(targets, { dtype: "int64" });

/** What a loss is of each sample, by plain numbers. */
const plain = (loss: (row: number[], label: number, target: number) => number) =>
  logits.map((row, i) => loss(row, labels[i] as number, targets[i] as number));

const at = (row: number[], i: number) => row[i] as number;
const largest = (row: number[], rank: number) =>
  at(
    row.toSorted((a, b) => b - a),
    rank - 1,
  );
const lead = (row: number[], label: number) => Math.max(...row.filter((_, j) => j !== label)) - at(row, label);

describe("the losses that attacks maximize", () => {
  it("are cross entropy, the margin and the lead of a target, a value a sample", () => {
    expectAllClose(
      crossEntropy(z, y),
      plain((row, label) => Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)) - at(row, label)),
    );
    expectAllClose(margin(z, y), plain(lead));
    expectAllClose(
      logitDifference(t)(z, y),
      plain((row, label, target) => at(row, target) - at(row, label)),
    );
  });

  it("are the difference of logits ratio, and the targeted one", () => {
    expectAllClose(
      differenceOfLogitsRatio(z, y),
      plain((row, label) => lead(row, label) / (largest(row, 1) - largest(row, 3))),
    );
    expectAllClose(
      targetedDifferenceOfLogitsRatio(t)(z, y),
      plain(
        (row, label, target) =>
          (at(row, target) - at(row, label)) / (largest(row, 1) - (largest(row, 3) + largest(row, 4)) / 2),
      ),
    );
  });

  it("keep their ratios where logits are shifted and scaled", () => {
    const other = z.mul(300).add(40);
    expectAllClose(differenceOfLogitsRatio(other, y), differenceOfLogitsRatio(z, y));
    const targeted = targetedDifferenceOfLogitsRatio(t);
    expectAllClose(targeted(other, y), targeted(z, y));
  });

  it("refuse networks of too few classes for a ratio, in a line with their number", () => {
    const three = z.narrow(1, 0, 3);
    const two = z.narrow(1, 0, 2);
    const first = y.mul(0);
    expect(() => differenceOfLogitsRatio(two, first)).toThrow(InputError);
    expect(() => differenceOfLogitsRatio(two, first)).toThrow(
      "the DLR loss needs 3 classes or more; the network has 2",
    );
    expect(() => targetedDifferenceOfLogitsRatio(first)(three, first)).toThrow(
      "the targeted DLR loss needs 4 classes or more; the network has 3",
    );
  });
});
