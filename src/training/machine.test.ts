import { describe, expect, it } from "vitest";
import { InputError } from "../errors.js";
import { nn, ops, packedKernels, tensor } from "../torch/index.js";
import { kernelsWanted } from "../torch/nn/kernels.js";
import { chooseMachine } from "./machine.js";

const cpu = { device: "cpu", precision: "bf16", kernels: "auto" } as const;

describe("the machine of a recipe", () => {
  it("has the CPU's packed kernels in bf16, and stock ones where they are asked for or cannot be", () => {
    const best = packedKernels()[0] ?? "stock";
    expect(chooseMachine(cpu)).toMatchObject({ device: "cpu", dtype: "float32", kernels: best });
    expect(chooseMachine({ ...cpu, kernels: "stock" }).kernels).toBe("stock");
    expect(chooseMachine({ ...cpu, precision: "fp32" }).kernels).toBe("stock");
    expect(chooseMachine({ ...cpu, precision: "fp64" })).toMatchObject({ dtype: "float64", kernels: "stock" });
  });

  it("computes in the recipe's precision and by its kernels, and only while it does", () => {
    const linear = new nn.Linear(2, 2);
    const { compute } = chooseMachine({ ...cpu, kernels: "stock" });
    const computed = compute(() => [linear.forward(tensor([[1, 2]])).dtype, kernelsWanted()]);
    expect(computed).toEqual(["bfloat16", "stock"]);
    expect([linear.forward(ops.ones([1, 2])).dtype, kernelsWanted()]).toEqual(["float32", "auto"]);
  });

  it("refuses packed kernels in another precision, in one line", () => {
    const refused = () => chooseMachine({ ...cpu, kernels: "amx", precision: "fp32" });
    expect(refused).toThrow(InputError);
    expect(refused).toThrow(/^kernels "amx" were asked for, but [^\n]+; use --kernels auto/);
  });
});
