import { expect, it } from "vitest";
import { syncWorker } from "./sync-worker.js";

const worker = syncWorker(
  `({ factor }) => async (message) => {
    if (message === "throw") throw new Error("no such number");
    return factor * message;
  }`,
  { factor: 3 },
);

it("a worker answers at once, and its errors are the caller's", () => {
  expect(worker.ask(4)).toBe(12);
  expect(() => worker.ask("throw")).toThrow("no such number");
  expect(worker.ask(5)).toBe(15);
  expect(worker.ended).toBe(false);
});

it.each([
  ["exit", "the worker has ended: exit status 3"],
  ["crash", "the worker has ended: out of order"],
])("a worker that ends while it is asked, by an %s, leaves nobody waiting, then or later", (message, says) => {
  const own = syncWorker(
    `() => async (message) => {
      if (message === "exit") process.exit(3);
      setImmediate(() => { throw new Error("out of order"); });
      await new Promise(() => {});
    }`,
    {},
  );
  expect(() => own.ask(message)).toThrow(says);
  expect(own.ended).toBe(true);
  expect(() => own.ask(message)).toThrow("the worker has ended");
});
