import { describe, expect, it } from "vitest";
import { InputError } from "../../errors.js";
import { type DType, kernelsIn, nn, ops, tensor } from "../../torch/index.js";
import { requestedKernels } from "../../torch/nn/kernels.js";
import { chooseCompute } from "./compute.js";

const cpu = { device: "cpu", precision: "bf16", kernels: "auto" } as const;

describe("the machine of a recipe", () => {
  it("has the CPU's best kernels of the precision, and stock ones where they are asked for or cannot be", () => {
    const best = (type: DType) => kernelsIn(type)[0] ?? "stock";
    expect(chooseCompute(cpu)).toMatchObject({ device: "cpu", dtype: "float32", kernels: best("bfloat16") });
    expect(chooseCompute({ ...cpu, kernels: "stock" }).kernels).toBe("stock");
    expect(chooseCompute({ ...cpu, precision: "fp32" }).kernels).toBe(best("float32"));
    expect(chooseCompute({ ...cpu, precision: "fp64" })).toMatchObject({ dtype: "float64", kernels: "stock" });
  });

  it("computes in the recipe's precision and by its kernels, and only while it does", () => {
    const linear = new nn.Linear(2, 2);
    const { compute } = chooseCompute({ ...cpu, kernels: "stock" });
    const computed = compute(() => [linear.forward(tensor([[1, 2]])).dtype, requestedKernels()]);
    expect(computed).toEqual(["bfloat16", "stock"]);
    expect([linear.forward(ops.ones([1, 2])).dtype, requestedKernels()]).toEqual(["float32", "auto"]);
  });

  it("refuses packed kernels in another precision, in one line", () => {
    const refused = () => chooseCompute({ ...cpu, kernels: "amx", precision: "fp32" });
    expect(refused).toThrow(InputError);
    expect(refused).toThrow(/^kernels "amx" were requested, but [^\n]+; use `kernels: auto`/);
  });
});
