import { expect, it } from "vitest";
import { prefetch } from "./prefetch.js";

const batches = Array.from({ length: 6 }, (_, i) => Int32Array.of(i));

/** What was begun, in order, and what of it is not finished; each batch is finished by hand. */
function recorder() {
  const begun: string[] = [];
  const finish = new Map<number, (error?: Error) => void>();
  const make = (batch: Int32Array, epoch: number) => {
    const at = batch[0] as number;
    begun.push(`${at} of ${epoch}`);
    return new Promise<number>((resolve, reject) => {
      finish.set(at, (error) => (error ? reject(error) : resolve(10 * at)));
    });
  };
  return { begun, finish, make };
}

it("begins on a batch and on so many after it, each once, and gives what was made of each", async () => {
  const { begun, finish, make } = recorder();
  const take = prefetch(make, 2);
  const first = take(batches, 0, 7);
  expect(begun).toEqual(["0 of 7", "1 of 7", "2 of 7"]);
  finish.get(0)?.();
  expect(await first).toBe(0);
  const second = take(batches, 1, 7);
  expect(begun.slice(3)).toEqual(["3 of 7"]);
  finish.get(1)?.();
  expect(await second).toBe(10);
  const last = take(batches, 5, 7);
  expect(begun.slice(4)).toEqual(["5 of 7"]);
  finish.get(5)?.();
  expect(await last).toBe(50);
});

it("makes a batch anew for another epoch", () => {
  const { begun, make } = recorder();
  const take = prefetch(make, 0);
  take(batches, 0, 0);
  take(batches, 0, 0);
  take(batches, 0, 1);
  expect(begun).toEqual(["0 of 0", "0 of 1"]);
});

it("keeps the failure of a batch ahead until that batch is taken", async () => {
  const { finish, make } = recorder();
  const take = prefetch(make, 1);
  const first = take(batches, 0, 0);
  finish.get(1)?.(new Error("broken"));
  finish.get(0)?.();
  expect(await first).toBe(0);
  await expect(take(batches, 1, 0)).rejects.toThrow("broken");
});
