import { describe, expect, it } from "vitest";
import { fingerprint } from "./fingerprint.js";
import type { DataSet, HeldSamples } from "./types.js";

describe("fingerprint", () => {
  const samples: HeldSamples = { values: Uint8Array.of(1, 2, 3, 4), shape: [1, 1, 2], labels: Int32Array.of(0, 1) };
  const set: DataSet = { format: "idx", classes: ["a", "b"], train: samples, test: null, notes: [] };

  it("is a short stable name of the contents, not of how they were stored", () => {
    expect(fingerprint(set)).toMatch(/^[0-9a-f]{16}$/);
    const shifted = Uint8Array.of(9, 1, 2, 3, 4).subarray(1);
    const same = { ...set, format: "arrays", notes: ["x"], train: { ...samples, values: shifted } };
    expect(fingerprint(same)).toBe(fingerprint(set));
  });

  it("changes with a value, a label, the shape, the type, the classes and the test set", () => {
    const train = (part: Partial<HeldSamples>): DataSet => ({ ...set, train: { ...samples, ...part } });
    const others = [
      train({ values: Uint8Array.of(1, 2, 3, 5) }),
      train({ labels: Int32Array.of(1, 1) }),
      train({ shape: [1, 2, 1] }),
      train({ values: Float32Array.of(1, 2, 3, 4) }),
      { ...set, classes: ["a", "c"] },
      { ...set, test: samples },
    ];
    expect(new Set([set, ...others].map(fingerprint)).size).toBe(7);
  });
});
