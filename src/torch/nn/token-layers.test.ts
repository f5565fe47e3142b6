// The layers of vision transformers and mobile networks, by their formulas.
import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { checkOperator } from "../../../test/support/check-operator.js";
import { manualSeed, nn, noGrad, ops, recordCalls, type Tensor, tensor } from "../index.js";

const rows = [
  [-3.5, -1, 0.25, 2],
  [0.5, 4, -0.125, 1],
];
const onRows = (form: (x: number) => number) => (given: number[][]) => given.map((row) => row.map(form));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe("an activation", () => {
  test.each<[string, nn.Module, (x: number) => number]>([
    ["quick GELU is x sigmoid(1.702 x)", new nn.GELU("quick"), (x) => x * sigmoid(1.702 * x)],
    ["SiLU is x sigmoid(x)", new nn.SiLU(), (x) => x * sigmoid(x)],
    ["sigmoid", new nn.Sigmoid(), sigmoid],
    ["hard-swish is x min(max(x + 3, 0), 6) / 6", new nn.Hardswish(), (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6],
    ["hard-sigmoid is min(max(x + 3, 0), 6) / 6", new nn.Hardsigmoid(), (x) => Math.min(Math.max(x + 3, 0), 6) / 6],
  ])("%s", (_, module, form) => {
    checkOperator({ operator: (x) => module.forward(x), inputs: [rows], reference: onRows(form) });
  });

  test("exact GELU is x times the normal distribution up to x", () => {
    // Simpson's rule on the density.
    const below = (x: number) => {
      const [steps, width] = [2000, x / 2000];
      const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
      const weight = (i: number) => (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2);
      const values = Array.from({ length: steps + 1 }, (_, i) => weight(i) * density(i * width));
      return 0.5 + (values.reduce((sum, value) => sum + value, 0) * width) / 3;
    };
    const gelu = new nn.GELU();
    checkOperator({ operator: (x) => gelu.forward(x), inputs: [rows], reference: onRows((x) => x * below(x)) });
  });
});

describe("layer norm", () => {
  const plain = (row: number[], eps: number) => {
    const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
    const variance = row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / row.length;
    return row.map((x, i) => ((x - mean) / Math.sqrt(variance + eps)) * (i + 1) + 0.5 * i);
  };

  test("centers and scales the last dimension", () => {
    const norm = new nn.LayerNorm(4, { eps: 1e-3 }).to("float64");
    noGrad(() => {
      norm.weight.copy_(tensor([1, 2, 3, 4]));
      norm.bias.copy_(tensor([0, 0.5, 1, 1.5]));
    });
    const given = tensor(rows, { dtype: "float64" });
    expectAllClose(
      norm.forward(given),
      rows.map((row) => plain(row, 1e-3)),
      { rtol: 1e-12, atol: 1e-12 },
    );
  });

  test("of images is that of each pixel's channels", () => {
    manualSeed(2);
    const images = ops.randn([2, 4, 3, 5]);
    const result = new nn.LayerNorm2d(4).forward(images);
    expectAllClose(result.mean([1]), ops.zeros([2, 3, 5]), { rtol: 0, atol: 1e-6 });
    expectAllClose(result.square().mean([1]), ops.ones([2, 3, 5]), { rtol: 0, atol: 1e-3 });
  });

  test("of bfloat16 computes in its weights' type", () => {
    expect(new nn.LayerNorm(4).forward(ops.ones([2, 4]).to("bfloat16")).dtype).toBe("float32");
  });
});

describe("drop path", () => {
  test("drops the branch of whole samples in training, and keeps the mean", () => {
    manualSeed(5);
    const result = new nn.DropPath(0.25).forward(ops.ones([4000, 2, 3]));
    const bySample = result.reshape([4000, 6]);
    expectAllClose(bySample.amin({ dim: [1] }), bySample.amax({ dim: [1] }), { rtol: 0, atol: 0 });
    const values = new Set(bySample.select(1, 0).data() as Float32Array);
    expect([...values].sort()).toEqual([0, Math.fround(1 / 0.75)]);
    expect(result.mean().item()).toBeCloseTo(1, 1);
  });

  test("leaves values as they are in evaluation and at a rate of 0", () => {
    const images = ops.ones([2, 3]);
    expect(new nn.DropPath(0.9).eval().forward(images)).toBe(images);
    expect(new nn.DropPath(0).forward(images)).toBe(images);
    expect(() => new nn.DropPath(1.5)).toThrow("`p`: received 1.5; expected a number from 0 to 1");
  });
});

describe("attention", () => {
  /** softmax(q k^T / sqrt(d)) v of one sample's head, in plain numbers. */
  function head(q: number[][], k: number[][], v: number[][]): number[][] {
    const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
    return q.map((query) => {
      const weights = k.map((key) => Math.exp(dot(query, key) / Math.sqrt(query.length)));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return query.map((_, j) => weights.reduce((sum, weight, i) => sum + (weight / total) * (v[i]?.[j] as number), 0));
    });
  }

  test("mixes values by head as the formula says", () => {
    manualSeed(6);
    const [tokens, dimension, heads] = [3, 4, 2];
    const attention = new nn.Attention(dimension, heads).to("float64");
    const input = ops.randn([2, tokens, dimension], { dtype: "float64" });
    const all = attention.qkv.forward(input);
    const part = (sample: number, kind: number, at: number) =>
      all
        .select(0, sample)
        .narrow(1, kind * dimension + (at * dimension) / heads, dimension / heads)
        .toArray() as number[][];
    const mixed = [0, 1].map((sample) => {
      const [first, second] = [0, 1].map((at) => head(part(sample, 0, at), part(sample, 1, at), part(sample, 2, at)));
      return (first as number[][]).map((row, i) => [...row, ...((second as number[][])[i] as number[])]);
    });
    const expected = attention.proj.forward(tensor(mixed, { dtype: "float64" }));
    expectAllClose(attention.forward(input), expected, { rtol: 1e-10, atol: 1e-12 });
  });

  test("has the same outputs and gradients while it is recorded", () => {
    manualSeed(7);
    const attention = new nn.Attention(8, 2).to("float64");
    const input = ops.randn([2, 5, 8], { dtype: "float64" });
    const computed = (forward: () => Tensor) => {
      attention.zeroGrad();
      const output = forward();
      output.square().sum().backward();
      return [output, ...attention.parameters().map(({ grad }) => grad as Tensor)];
    };
    const plain = computed(() => attention.forward(input));
    const recorded = computed(() => recordCalls(() => attention.forward(input)).result);
    for (const [i, value] of recorded.entries()) expectAllClose(value, plain[i] as Tensor, { rtol: 1e-9, atol: 1e-10 });
  });
});
