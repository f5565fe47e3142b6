import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { constant, cosine, linearWarmup, oneCycle, step } from "./schedules.js";

describe("cosine", () => {
  test("falls from the rate to zero along half a cosine, and stays there", () => {
    const schedule = cosine({ lr: 0.1, epochs: 200 });
    const epochs = [0, 50, 100, 150, 199, 200, 250];
    expectAllClose(
      epochs.map(schedule),
      [0.1, 0.08535533905932738, 0.05, 0.01464466094067262, 6.168375916971614e-6, 0, 0],
    );
    expect(schedule(0)).toBe(0.1);
    expect(schedule(250)).toBe(0);
  });

  test("takes fractions of an epoch", () => {
    expect(cosine({ lr: 1, epochs: 2 })(0.5)).toBeCloseTo((1 + Math.SQRT1_2) / 2, 15);
  });
});

describe("cosine to a least rate", () => {
  test("ends there and stays, and is plain cosine for a least rate of 0", () => {
    const schedule = cosine({ lr: 0.1, epochs: 200, minLr: 0.02 });
    expectAllClose([0, 100, 200, 250].map(schedule), [0.1, 0.06, 0.02, 0.02]);
    const epochs = Array.from({ length: 200 }, (_, epoch) => epoch);
    const plain = epochs.map(cosine({ lr: 0.1, epochs: 200 }));
    expect(plain).toEqual(epochs.map((epoch) => (0.1 * (1 + Math.cos((Math.PI * epoch) / 200))) / 2));
  });
});

describe("oneCycle", () => {
  test("is PyTorch's OneCycleLR: max_lr 1, 10 steps", () => {
    const half = (from: number, to: number, at: number) => to + ((from - to) / 2) * (1 + Math.cos(Math.PI * at));
    const falling = Array.from({ length: 7 }, (_, i) => half(1, 4e-6, (i + 1) / 7));
    const rates = Array.from({ length: 10 }, (_, i) => oneCycle({ lr: 1, steps: 10 })(i));
    expectAllClose(rates, [0.04, 0.52, 1, ...falling]);
    expect(oneCycle({ lr: 1, steps: 10, minLr: 0.1 })(9)).toBeCloseTo(0.1, 12);
  });

  test("has a rate for every number of steps", () => {
    for (const steps of [1, 2, 3, 4, 10 / 3, 7]) {
      for (let at = 0; at < steps; at++) expect(oneCycle({ lr: 1, steps })(at)).toBeGreaterThanOrEqual(4e-6);
    }
  });
});

describe("step", () => {
  test("falls at its milestones, from their epoch on", () => {
    const schedule = step({ lr: 0.1, milestones: [74, 89, 99] });
    expectAllClose([73.9, 74, 88, 89, 98, 99].map(schedule), [0.1, 0.01, 0.01, 0.001, 0.001, 0.0001]);
  });

  test("falls each time that a number of epochs has passed", () => {
    const schedule = step({ lr: 0.1, every: 25, factor: 0.5 });
    expectAllClose([0, 24.99, 25, 49, 50, 299].map(schedule), [0.1, 0.1, 0.05, 0.05, 0.025, 0.1 * 0.5 ** 11]);
  });
});

describe("constant", () => {
  test("keeps the rate", () => {
    expect([0, 0.5, 1e6].map(constant({ lr: 1e-4 }))).toEqual([1e-4, 1e-4, 1e-4]);
  });
});

describe("linearWarmup", () => {
  test("holds the first epochs' rates back in proportion, and leaves the others", () => {
    const inner = step({ lr: 1, milestones: [6], factor: 0.5 });
    expectAllClose([0, 1, 2.5, 4, 5, 6].map(linearWarmup(4, inner)), [0, 0.25, 0.625, 1, 1, 0.5]);
  });
});

describe("bad options", () => {
  test.each([
    [() => cosine({ lr: 0.1, epochs: 0 }), "`epochs`: received 0; expected a number above 0"],
    [() => cosine({ lr: Number.NaN, epochs: 1 }), "`lr`: received NaN; expected a number of at least 0"],
    [() => constant({ lr: -1 }), "`lr`: received -1; expected a number of at least 0"],
    [() => step({ lr: 1, every: -5 }), "`every`: received -5; expected a number above 0"],
    [() => step({ lr: 1, milestones: [1, -2] }), "`milestones`: received -2; expected a number of at least 0"],
    [() => step({ lr: 1, every: 5, factor: 0 }), "`factor`: received 0; expected a number above 0"],
    [() => linearWarmup(0, constant({ lr: 1 })), "`epochs`: received 0; expected a number above 0"],
  ])("are refused in one line (%#)", (make, message) => {
    expect(make).toThrow(new RangeError(message));
  });
});
