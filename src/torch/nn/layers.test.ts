import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { grad, manualSeed, nn, noGrad, ops, type Tensor, tensor } from "../index.js";

const deviation = (value: Tensor) => value.to("float64").std({ unbiased: false }).item();
const largest = (value: Tensor) => value.abs().max().item();

describe("initialization", () => {
  test("He's has the deviation sqrt(2 / (k k outputs)) and the mean 0", () => {
    manualSeed(1);
    const weight = nn.heNormal([64, 32, 3, 3]);
    expect(deviation(weight) / Math.sqrt(2 / (9 * 64))).toBeCloseTo(1, 1);
    expect(Math.abs(weight.mean().item())).toBeLessThan(0.002);
    // A normal distribution has 4.6% beyond two deviations, a uniform one none.
    expect(
      weight
        .abs()
        .gt(2 * deviation(weight))
        .to("float64")
        .mean()
        .item(),
    ).toBeCloseTo(0.0455, 2);
  });

  test("PyTorch's default fills U(-1, 1) / sqrt(inputs), for biases too", () => {
    manualSeed(1);
    const convolution = new nn.Conv2d(8, 200, 3);
    const linear = new nn.Linear(50, 400);
    for (const [value, inputs] of [
      [convolution.weight, 72],
      [convolution.bias as Tensor, 72],
      [linear.weight, 50],
      [linear.bias as Tensor, 50],
    ] as const) {
      const bound = 1 / Math.sqrt(inputs);
      expect(largest(value)).toBeLessThanOrEqual(bound);
      expect(largest(value) / bound).toBeGreaterThan(0.97);
      expect(deviation(value) / (bound / Math.sqrt(3))).toBeCloseTo(1, 1);
    }
  });

  test("follows the seed, and the layer's option", () => {
    const drawn = () => {
      manualSeed(9);
      return nn.heNormal([2, 2, 3, 3]).data();
    };
    expect(drawn()).toEqual(drawn());
    const linear = new nn.Linear(3, 2, { init: nn.normal(0), biasInit: (shape) => ops.ones(shape) });
    expect(noGrad(() => linear.forward(ops.ones([1, 3]))).toArray()).toEqual([[1, 1]]);
    expect(new nn.Conv2d(3, 2, 1, { bias: false }).bias).toBeNull();
  });
});

test("a linear layer is x W^T + b", () => {
  const linear = new nn.Linear(2, 3);
  linear.loadStateDict(
    new Map([
      [
        "weight",
        tensor([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
      ],
      ["bias", tensor([0.5, 0, -1])],
    ]),
  );
  expect(noGrad(() => linear.forward(tensor([[1, -1]]))).toArray()).toEqual([[-0.5, -1, -2]]);
});

test("a convolution with stride and padding is the plain loop's", () => {
  manualSeed(2);
  const [stride, padding, size, kernel] = [2, 1, 5, 3];
  const convolution = new nn.Conv2d(2, 3, kernel, { stride, padding }).to("float64");
  const images = ops.randn([1, 2, size, size], { dtype: "float64" });
  const [x, w, b] = [images, convolution.weight, convolution.bias as Tensor].map((value) => value.data());
  const at = (channel: number, row: number, column: number) =>
    Math.min(row, column) < 0 || Math.max(row, column) >= size
      ? 0
      : Number(x?.[(channel * size + row) * size + column]);
  const cell = (output: number, row: number, column: number) => {
    let sum = Number(b?.[output]);
    for (let i = 0; i < 2 * kernel * kernel; i++) {
      const [channel, dy, dx] = [Math.floor(i / 9), Math.floor(i / 3) % 3, i % 3];
      const pixel = at(channel, row * stride - padding + dy, column * stride - padding + dx);
      sum += Number(w?.[output * 18 + i]) * pixel;
    }
    return sum;
  };
  const cells = Array.from({ length: 27 }, (_, i) => cell(Math.floor(i / 9), Math.floor(i / 3) % 3, i % 3));
  const result = noGrad(() => convolution.forward(images));
  expect(result.shape).toEqual([1, 3, 3, 3]);
  expectAllClose(result, Float64Array.from(cells), { rtol: 1e-12, atol: 1e-12 });
});

describe("dropout", () => {
  const kinds: [string, (p?: number) => nn.Module][] = [
    ["of elements", (p) => new nn.Dropout(p)],
    ["of channels", (p) => new nn.Dropout2d(p)],
  ];

  test.each(kinds)("%s zeroes its fraction and scales the others in training", (_, create) => {
    manualSeed(4);
    const output = create(0.25).forward(ops.ones([40, 50, 2, 2]));
    const zeroed = output.eq(0).to("float64").mean().item();
    expect(zeroed).toBeCloseTo(0.25, 1);
    const values = Array.from(output.data(), Number);
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
  });

  test.each(kinds)("%s is the identity in evaluation, and refuses what is no probability", (_, create) => {
    const input = ops.randn([2, 3, 4, 4]);
    expect(create(0.9).eval().forward(input).data()).toEqual(input.data());
    expect(() => create(1.5)).toThrow(new RangeError("`p`: received 1.5; expected a number from 0 to 1"));
    expect(() => create(Number.NaN)).toThrow(RangeError);
  });

  test("of channels drops entire ones", () => {
    manualSeed(4);
    const output = new nn.Dropout2d(0.5).forward(ops.ones([20, 10, 3, 3]));
    const sums = output.sum([2, 3]).flatten().toArray() as number[];
    expect(new Set(sums)).toEqual(new Set([0, 18]));
  });
});

test("pooling takes windows' largest and mean values", () => {
  const image = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], { shape: [1, 1, 4, 4] });
  const flat = (module: nn.Module) => module.forward(image).flatten().toArray();
  expect(flat(new nn.MaxPool2d(2))).toEqual([6, 8, 14, 16]);
  expect(flat(new nn.MaxPool2d(3, { stride: 2, padding: 1 }))).toEqual([6, 8, 14, 16]);
  expect(flat(new nn.AvgPool2d(2))).toEqual([3.5, 5.5, 11.5, 13.5]);
  expect(new nn.GlobalAvgPool2d().forward(image).toArray()).toEqual([[[[8.5]]]]);
  expect(new nn.Flatten().forward(image).shape).toEqual([1, 16]);
  expect(new nn.Identity().forward(image)).toBe(image);
  expect(new nn.ReLU().forward(tensor([-1, 0, 2])).toArray()).toEqual([0, 0, 2]);
});

describe("computing in bfloat16", () => {
  const network = () => {
    manualSeed(6);
    return new nn.Sequential(new nn.Conv2d(3, 4, 3), new nn.BatchNorm2d(4), new nn.Flatten(), new nn.Linear(64, 2));
  };

  test("keeps weights, statistics and gradients in float32 and stays near float32's results", () => {
    const model = network();
    const images = ops.randn([8, 3, 6, 6]);
    const exact = noGrad(() => network().forward(images));
    const output = nn.withPrecision("bfloat16", () => model.forward(images));
    expect(output.dtype).toBe("bfloat16");
    expectAllClose(output.to("float32"), exact, { atol: 0.05, rtol: 0.05 });
    expect(output.to("float32").data()).not.toEqual(exact.data());
    output.to("float32").square().mean().backward();
    for (const [name, value] of model.namedParameters()) {
      expect([name, value.dtype, value.grad?.dtype]).toEqual([name, "float32", "float32"]);
    }
    expect([...model.namedBuffers()].map(([, { dtype }]) => dtype)).toEqual(["float32", "float32", "int64"]);
  });

  test("has gradients near float32's", () => {
    const [model, images] = [network(), ops.randn([8, 3, 6, 6])];
    const gradients = (output: Tensor) => grad(output.to("float32").square().mean(), model.parameters()) as Tensor[];
    const exact = gradients(model.forward(images));
    const near = gradients(nn.withPrecision("bfloat16", () => model.forward(images)));
    const flat = (values: Tensor[]) => ops.cat(values.map((value) => value.flatten()));
    const cosine = ops.cosineSimilarity(flat(exact), flat(near), { dim: 0 }).item();
    expect(cosine).toBeGreaterThan(0.99);
  });

  test("leaves a float64 model alone, ends with its body, and refuses async ones", () => {
    const model = network().to("float64");
    const images = ops.randn([2, 3, 6, 6], { dtype: "float64" });
    expect(nn.withPrecision("bfloat16", () => model.forward(images)).dtype).toBe("float64");
    expect(() => nn.withPrecision("bfloat16", () => new nn.Linear(2, 2).forward(tensor([1])))).toThrow();
    expect(new nn.Linear(2, 2).forward(tensor([[1, 2]])).dtype).toBe("float32");
    expect(() => nn.withPrecision("bfloat16", async () => 1)).toThrow(/not async/);
  });
});

test("a grouped convolution convolves each group of channels apart", () => {
  manualSeed(4);
  const grouped = new nn.Conv2d(4, 6, 3, { padding: 1, groups: 2 });
  expect(grouped.weight.shape).toEqual([6, 2, 3, 3]);
  const images = ops.randn([2, 4, 5, 5]);
  const half = (at: number) =>
    ops.conv2d(images.narrow(1, 2 * at, 2), grouped.weight.narrow(0, 3 * at, 3), {
      bias: (grouped.bias as Tensor).narrow(0, 3 * at, 3),
      padding: 1,
    });
  expectAllClose(grouped.forward(images), ops.cat([half(0), half(1)], { dim: 1 }), { rtol: 1e-5, atol: 1e-6 });
  // A trunk through it takes stock operators, which know groups.
  const trunk = new nn.Trunk((maps) => maps.convolve(grouped), "maps");
  expectAllClose(
    noGrad(() => trunk.forward(images)),
    noGrad(() => grouped.forward(images)),
    { rtol: 1e-5, atol: 1e-6 },
  );
});

test("drop path of 1 drops every sample", () => {
  expect(new nn.DropPath(1).forward(ops.ones([4])).toArray()).toEqual([0, 0, 0, 0]);
});
