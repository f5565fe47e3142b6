// The recorder sees every operator call with its arguments and results.
import { describe, expect, test } from "vitest";
import { ops, recordCalls, tensor } from "./index.js";

describe("recordCalls", () => {
  test("lists the calls in order, arguments in the schema's order", () => {
    using x = tensor([[1, 2]]);
    const { result, calls } = recordCalls(() => {
      const y = x.add(x, { alpha: 3 });
      return y.max(1, { keepdim: true });
    });
    expect(calls.map(({ operator }) => operator)).toEqual(["add", "max"]);
    const [add, max] = calls;
    expect(add?.values).toEqual([x, x, 3]);
    expect(max?.values.slice(1)).toEqual([1, true]);
    expect(max?.values[0]).toBe(add?.results[0]);
    expect(max?.results).toEqual(result);
  });

  test("leaves absent arguments undefined and keeps lists of tensors", () => {
    using x = tensor([1]);
    const { calls } = recordCalls(() => ops.cat([x, x]));
    expect(calls[0]?.values).toEqual([[x, x]]);
    expect(calls[0]?.results[0]?.shape).toEqual([2]);
  });

  test("nests: the outer list has the inner calls too; a failed call is not listed", () => {
    using x = tensor([1, 2]);
    const outer = recordCalls(() => {
      x.neg();
      const inner = recordCalls(() => x.exp());
      expect(() => x.matmul(tensor([1, 2, 3]))).toThrow();
      return inner.calls.length;
    });
    expect(outer.result).toBe(1);
    expect(outer.calls.map(({ operator }) => operator)).toEqual(["neg", "exp"]);
  });

  test("ends with the body, also when it throws, and refuses async ones", () => {
    using x = tensor([1]);
    expect(() =>
      recordCalls(() => {
        throw new Error("boom");
      }),
    ).toThrow("boom");
    expect(() => recordCalls(async () => 1)).toThrow("recordCalls takes a function that is not async");
    const { calls } = recordCalls(() => 1);
    x.neg();
    expect(calls).toEqual([]);
  });
});
