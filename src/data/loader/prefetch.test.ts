import { expect, it } from "vitest";
import { prefetch } from "./prefetch.js";

/** What was begun, in order; each item is finished by hand. */
function recorder() {
  const begun: number[] = [];
  const finish = new Map<number, (error?: Error) => void>();
  const make = (item: number) => {
    begun.push(item);
    return new Promise<number>((resolve, reject) => {
      finish.set(item, (error) => (error ? reject(error) : resolve(10 * item)));
    });
  };
  return { begun, finish, make };
}

it("begins on an item and on so many after it, each once, and yields what was made of each in order", async () => {
  const { begun, finish, make } = recorder();
  const made = prefetch([0, 1, 2, 3, 4], make, 2);
  expect(begun).toEqual([]);
  const first = made.next();
  expect(begun).toEqual([0, 1, 2]);
  finish.get(1)?.();
  finish.get(0)?.();
  expect(await first).toEqual({ done: false, value: 0 });
  expect(begun).toEqual([0, 1, 2]);
  expect(await made.next()).toEqual({ done: false, value: 10 });
  expect(begun).toEqual([0, 1, 2, 3]);
  for (const item of [2, 3]) finish.get(item)?.();
  expect([(await made.next()).value, (await made.next()).value]).toEqual([20, 30]);
  finish.get(4)?.();
  expect((await made.next()).value).toBe(40);
  expect(await made.next()).toEqual({ done: true, value: undefined });
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

it("begins on nothing ahead of its turn where `ahead` is 0", async () => {
  const { begun, finish, make } = recorder();
  const made = prefetch([0, 1], make, 0);
  const first = made.next();
  finish.get(0)?.();
  await first;
  expect(begun).toEqual([0]);
});

it("throws the failure of an item ahead when it is that item's turn, and not where the consumer stops before", async () => {
  for (const stops of [false, true]) {
    const { finish, make } = recorder();
    const made = prefetch([0, 1], make, 1);
    const first = made.next();
    finish.get(1)?.(new Error("broken"));
    finish.get(0)?.();
    expect((await first).value).toBe(0);
    if (stops) await made.return();
    else await expect(made.next()).rejects.toThrow("broken");
  }
});
