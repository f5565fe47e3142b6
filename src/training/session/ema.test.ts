import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { manualSeed, nn, noGrad } from "../../torch/index.js";
import { averageWeights, decayAt } from "./ema.js";

function network(seed: number): nn.Module {
  manualSeed(seed);
  return new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4), new nn.Linear(4, 2));
}

const valuesOf = (model: nn.Module) =>
  [...model.stateDict().values()].flatMap((value) => Array.from(value.data(), Number));

/** Moves every float of a network by one and counts a batch. */
function move(model: nn.Module): void {
  noGrad(() => {
    for (const value of model.stateDict().values()) value.add_(1);
  });
}

describe("averaged weights", () => {
  it("begin as the weights themselves, whatever the network that holds them was", () => {
    const trained = network(1);
    const average = averageWeights(trained, network(2), 0.9);
    expect(valuesOf(average.model)).toEqual(valuesOf(trained));
  });

  it("are the plain recurrence of every weight and running statistic, with whole numbers copied", () => {
    const trained = network(1);
    const average = averageWeights(trained, network(2), 0.5);
    const floats = (model: nn.Module) => [...model.stateDict()].filter(([, value]) => value.dtype.startsWith("float"));
    let expected = floats(trained).map(([, value]) => Array.from(value.data(), Number));
    for (let step = 0; step < 12; step++) {
      move(trained);
      average.update(step);
      const kept = Math.min(0.5, (1 + step) / (10 + step));
      const now = floats(trained).map(([, value]) => Array.from(value.data(), Number));
      expected = expected.map((values, i) => values.map((value, j) => kept * value + (1 - kept) * now[i]![j]!));
    }
    const averaged = floats(average.model).map(([, value]) => Array.from(value.data(), Number));
    expectAllClose(averaged.flat(), expected.flat(), { rtol: 1e-5 });
    expect(average.model.stateDict().get("1.num_batches_tracked")?.item()).toBe(12);
  });

  it("of a network that rests are the network's", () => {
    const trained = network(1);
    const average = averageWeights(trained, network(2), 0.99);
    for (let step = 0; step < 5; step++) average.update(step);
    expectAllClose(valuesOf(average.model), valuesOf(trained), { rtol: 1e-6 });
  });

  it("forget the beginning soon, and then no faster than they are told", () => {
    expect([0, 10, 100].map((step) => decayAt(0.9, step))).toEqual([0.1, 0.55, 0.9]);
  });
});
