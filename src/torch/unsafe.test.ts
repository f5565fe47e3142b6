// The raw call: the same passing of arguments, any registered operator, exported separately.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as torch from "./index.js";
import { tensor } from "./index.js";
import { callOperator, operatorNames, rawOperator } from "./unsafe.js";

describe("the raw call", () => {
  test("takes arguments in order and options by name, as typed operators do", () => {
    using x = tensor([1, 2]);
    using sum = callOperator("aten::add", "Tensor", x, x, { alpha: 2 }) as torch.Tensor;
    expect(sum.toArray()).toEqual([3, 6]);
    const flatten = rawOperator("aten::flatten", "using_ints");
    using flat = flatten(tensor([[[1, 2]]]), { startDim: 1 }) as torch.Tensor;
    expect(flat.shape).toEqual([1, 2]);
  });

  test("reaches operators that are not public, and gives tuples, lists, numbers and nothing", () => {
    using x = tensor([
      [2, 0],
      [0, 3],
    ]);
    const [sign, logarithm] = callOperator("aten::linalg_slogdet", "", x) as torch.Tensor[];
    expect([sign?.item(), logarithm?.item()]).toEqual([1, Math.fround(Math.log(6))]);
    expect(callOperator("aten::size", "int", x, 0)).toBe(2);
    expect(callOperator("aten::is_nonzero", "", tensor(3))).toBe(true);
    expect(callOperator("aten::_foreach_zero_", "", [x])).toBeUndefined();
    expect(x.toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test("refuses operators and overloads that are not registered, and wrong arguments", () => {
    expect(() => callOperator("aten::no_such", "")).toThrow("Could not find schema for aten::no_such.");
    expect(() => callOperator("aten::add", "Nothing", 1)).toThrow("Could not find schema for aten::add.Nothing");
    expect(() => callOperator("aten::add", "Tensor", tensor(1), 2)).toThrow(
      "add does not take (Tensor, number); it takes (Tensor self, Tensor other, { alpha })",
    );
  });

  test("lists every operator of this libtorch", () => {
    const names = operatorNames();
    expect(names.length).toBeGreaterThan(2000);
    expect(names).toContain("aten::add.Tensor");
  });

  test("is exported separately from the typed operators", () => {
    const exported = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).exports;
    expect(exported["./torch/unsafe"].default).toBe("./dist/torch/unsafe.js");
    for (const name of ["callOperator", "rawOperator", "operatorNames"]) expect(torch).not.toHaveProperty(name);
  });
});
