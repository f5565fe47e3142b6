import { expect, it } from "vitest";
import { phaseTimer } from "./phases.js";

it("the time of a phase within another counts once, for the inner one, also after an error", async () => {
  let clock = 0;
  const pass = (milliseconds: number) => {
    clock += milliseconds;
  };
  const timer = phaseTimer(() => clock);
  timer.time("targets", () => {
    pass(1000);
    timer.time("forward", () => pass(4000));
    expect(() => timer.time("backward", () => [pass(500), failing()])).toThrow("failed");
    pass(2000);
  });
  await timer.wait("data", async () => pass(250));
  const none = { data: 0, augmentation: 0, forward: 0, targets: 0, backward: 0, optimizer: 0 };
  expect(timer.take()).toEqual({ ...none, data: 0.25, forward: 4, targets: 3, backward: 0.5 });
  expect(timer.take()).toEqual(none);
});

function failing(): never {
  throw new Error("failed");
}
