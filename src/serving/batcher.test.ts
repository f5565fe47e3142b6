import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createBatcher } from "./batcher.js";

const never = new AbortController().signal;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A batcher that doubles numbers after `ready`, and the batches that it made. */
function doubling(maxBatch: number, maxWaitMs: number, ready: Promise<void> = Promise.resolve()) {
  const batches: number[][] = [];
  const submit = createBatcher({
    maxBatch,
    maxWaitMs,
    async predict(samples: number[]) {
      batches.push(samples);
      await ready;
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
    const doubled = Promise.all(numbers.map((number) => submit(number, never)));
    await vi.advanceTimersByTimeAsync(5);
    expect(await doubled).toEqual(numbers.map((n) => 2 * n));
    expect(batches.map(({ length }) => length)).toEqual([8, 8, 5]);
    expect(batches.flat()).toEqual(numbers);
  });

  it("does not keep a lone sample waiting for others longer than it may", async () => {
    const { submit, batches } = doubling(8, 20);
    const first = submit(1, never);
    await vi.advanceTimersByTimeAsync(19);
    const second = submit(2, never);
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await Promise.all([first, second])).toEqual([2, 4]);
    const third = submit(3, never);
    await vi.advanceTimersByTimeAsync(20);
    expect(await third).toBe(6);
    expect(batches).toEqual([[1, 2], [3]]);
  });

  it("gathers what comes while a batch is computed", async () => {
    let finish = () => {};
    const computed = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { submit, batches } = doubling(4, 0, computed);
    const first = submit(1, never);
    await vi.advanceTimersByTimeAsync(1);
    const others = [2, 3, 4].map((number) => submit(number, never));
    await vi.advanceTimersByTimeAsync(1);
    expect(batches).toEqual([[1]]);
    finish();
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all([first, ...others]);
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it("fails only the sample that fails, whatever batch it is in, and goes on", async () => {
    const { submit } = doubling(2, 0);
    const submitted = Promise.allSettled([1, 13, 3, 4].map((number) => submit(number, never)));
    await vi.advanceTimersByTimeAsync(1);
    const outcomes = await submitted;
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  });

  it("leaves out samples that nobody waits for any more", async () => {
    const { submit, batches } = doubling(8, 5);
    const gone = new AbortController();
    const dropped = submit(1, gone.signal);
    const kept = submit(2, never);
    gone.abort(new Error("gone"));
    const refused = expect(dropped).rejects.toThrow("gone");
    await vi.advanceTimersByTimeAsync(5);
    await refused;
    expect(await kept).toBe(4);
    expect(batches).toEqual([[2]]);
  });
});
