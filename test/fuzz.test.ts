// Wrong calls of everything public, tens of thousands of them: whatever is given, the process lives, and says what was wrong
// in one line.
import { describe, expect, test } from "vitest";
import { fuzz } from "./fuzz/run.mjs";

describe("wrong calls neither end the process, nor hang, nor fill the memory, and are refused in one clear line", () => {
  test.each([1, 2, 3, 4])("10,000 of seed %i", { timeout: 300_000 }, async (seed) => {
    expect(await fuzz({ seed, count: 10_000 })).toEqual([]);
  });
});
