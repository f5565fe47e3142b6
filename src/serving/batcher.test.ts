import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createBatcher } from "./batcher.js";

const never = new AbortController().signal;

/** A batcher that doubles numbers, and the batches that it made. */
function doubling(maxBatch: number, maxWaitMs: number, computeMs = 1) {
  const batches: number[][] = [];
  const submit = createBatcher({
    maxBatch,
    maxWaitMs,
    async answer(samples: number[]) {
      batches.push(samples);
      await sleep(computeMs);
      if (samples.includes(13)) throw new Error("unlucky");
      return samples.map((sample) => 2 * sample);
    },
  });
  return { submit, batches };
}

describe("a batcher", () => {
  it("gives each its own answer, in batches no larger than the limit", async () => {
    const { submit, batches } = doubling(8, 5);
    const numbers = Array.from({ length: 21 }, (_, i) => i + 100);
    expect(await Promise.all(numbers.map((number) => submit(number, never)))).toEqual(numbers.map((n) => 2 * n));
    expect(batches.map(({ length }) => length)).toEqual([8, 8, 5]);
    expect(batches.flat()).toEqual(numbers);
  });

  it("does not keep a lone sample waiting for others longer than it may", async () => {
    const { submit, batches } = doubling(8, 20);
    const first = submit(1, never);
    await sleep(5);
    const second = submit(2, never);
    expect(await Promise.all([first, second])).toEqual([2, 4]);
    await submit(3, never);
    expect(batches).toEqual([[1, 2], [3]]);
  });

  it("gathers what comes while a batch is computed", async () => {
    const { submit, batches } = doubling(4, 0, 20);
    const first = submit(1, never);
    await sleep(5);
    await Promise.all([first, ...[2, 3, 4].map((number) => submit(number, never))]);
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it("fails only the batch that failed, and goes on", async () => {
    const { submit } = doubling(2, 0);
    const outcomes = await Promise.allSettled([1, 13, 3, 4].map((number) => submit(number, never)));
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled", "fulfilled"]);
  });

  it("leaves out samples that nobody waits for any more", async () => {
    const { submit, batches } = doubling(8, 5);
    const gone = new AbortController();
    const dropped = submit(1, gone.signal);
    const kept = submit(2, never);
    gone.abort(new Error("gone"));
    await expect(dropped).rejects.toThrow("gone");
    expect(await kept).toBe(4);
    expect(batches).toEqual([[2]]);
  });
});
