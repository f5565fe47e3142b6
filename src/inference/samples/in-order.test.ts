import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { inOrder } from "./in-order.js";

it("yields results in the order of the tasks, never more than the limit at work", async () => {
  let [running, most, started] = [0, 0, 0];
  async function* tasks() {
    for (let i = 0; i < 40; i++) {
      yield async () => {
        started++;
        most = Math.max(most, ++running);
        for (let turns = (i * 7) % 5; turns >= 0; turns--) await nextTurn();
        running--;
        return i;
      };
    }
  }
  const results: number[] = [];
  for await (const result of inOrder(tasks(), 4)) {
    results.push(result);
    expect(started).toBeLessThanOrEqual(results.length + 3);
  }
  expect(results).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(most).toBe(4);
});
