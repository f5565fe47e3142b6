import { expect, it } from "vitest";
import { operatorTimer, tensor } from "./index.js";

it("operators are timed between resume and pause, with what they call, and those of the backward pass", () => {
  const timer = operatorTimer();
  using x = tensor(
    [
      [1, 2],
      [3, 4],
    ],
    { requiresGrad: true },
  );
  x.exp();
  timer.resume();
  x.matmul(x).matmul(x).sum().backward();
  timer.pause();
  x.exp();
  const times = timer.take();
  const of = (name: string) => times.find(({ operator }) => operator === name);
  expect(of("aten::exp")).toBeUndefined();
  expect(of("aten::matmul")).toMatchObject({ calls: 2 });
  expect(of("MmBackward0")).toMatchObject({ calls: 2 });
  // Two forward, and two for each of the two backward.
  expect(of("aten::mm")).toMatchObject({ calls: 6 });
  const matmul = of("aten::matmul")!;
  expect(matmul.seconds).toBeGreaterThan(matmul.selfSeconds);
  expect(times.map(({ selfSeconds }) => selfSeconds)).toEqual(
    times.map(({ selfSeconds }) => selfSeconds).toSorted((a, b) => b - a),
  );
  expect(times.some(({ operator }) => operator.startsWith("autograd::engine"))).toBe(false);
  expect(timer.take()).toEqual([]);
});
