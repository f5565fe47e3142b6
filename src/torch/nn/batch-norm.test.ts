import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { manualSeed, nn, noGrad, ops, type Tensor, tensor } from "../index.js";

const EPS = 1e-5;

/** Mean and squared deviations of each channel of (n, channels, ...) rows, in plain loops. */
function channelStatistics(input: Tensor): { mean: number; squares: number; count: number }[] {
  const [samples = 0, channels = 0, ...rest] = input.shape;
  const cells = rest.reduce((product, size) => product * size, 1);
  const data = input.data() as Float64Array;
  return Array.from({ length: channels }, (_, channel) => {
    const values = Array.from({ length: samples * cells }, (_, i) => {
      const [sample, cell] = [Math.floor(i / cells), i % cells];
      return data[(sample * channels + channel) * cells + cell] as number;
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, squares, count: values.length };
  });
}

const kinds: [string, () => nn.BatchNorm1d | nn.BatchNorm2d, number[]][] = [
  ["images", () => new nn.BatchNorm2d(3), [4, 3, 5, 2]],
  ["features", () => new nn.BatchNorm1d(3), [6, 3]],
  ["sequences", () => new nn.BatchNorm1d(3), [4, 3, 5]],
];

describe.each(kinds)("batch norm of %s", (_, create, shape) => {
  const batch = () => {
    manualSeed(5);
    return ops.randn(shape, { dtype: "float64" }).mul(3).add(1);
  };

  test("moves its running statistics as a plain loop says, the variance unbiased", () => {
    const norm = create().to("float64");
    const input = batch();
    norm.forward(input);
    norm.forward(input);
    const statistics = channelStatistics(input);
    const twice = (start: number, value: number) => 0.9 * (0.9 * start + 0.1 * value) + 0.1 * value;
    expectAllClose(
      norm.runningMean,
      statistics.map(({ mean }) => twice(0, mean)),
      { rtol: 1e-12 },
    );
    const unbiased = statistics.map(({ squares, count }) => twice(1, squares / (count - 1)));
    expectAllClose(norm.runningVar, unbiased, { rtol: 1e-12 });
    expect(norm.stateDict().get("num_batches_tracked")?.item()).toBe(2);
  });

  test("normalizes by the batch in training and by the running statistics in evaluation", () => {
    const norm = create().to("float64");
    const input = batch();
    noGrad(() => {
      norm.weight.copy_(tensor([1, 2, 3]));
      norm.bias.copy_(tensor([3, 2, 1]));
    });
    const byChannel = (means: number[], variances: number[]) => {
      const view = [1, 3, ...shape.slice(2).map(() => 1)];
      const of = (values: number[]) => tensor(values, { dtype: "float64" }).view(view);
      const normalized = input.sub(of(means)).div(of(variances.map((variance) => Math.sqrt(variance + EPS))));
      return normalized.mul(of([1, 2, 3])).add(of([3, 2, 1]));
    };
    const statistics = channelStatistics(input);
    const inTraining = byChannel(
      statistics.map(({ mean }) => mean),
      statistics.map(({ squares, count }) => squares / count),
    );
    expectAllClose(norm.forward(input), inTraining, { rtol: 1e-10, atol: 1e-12 });
    const running = [norm.runningMean, norm.runningVar].map((value) => value.toArray() as number[]);
    const inEvaluation = byChannel(running[0] as number[], running[1] as number[]);
    expectAllClose(norm.eval().forward(input), inEvaluation, { rtol: 1e-10, atol: 1e-12 });
    expect(norm.stateDict().get("num_batches_tracked")?.item()).toBe(1);
  });
});

test("batch norm of images takes a momentum and an epsilon", () => {
  const norm = new nn.BatchNorm2d(1, { momentum: 0.5, eps: 3 });
  const images = tensor([0, 2], { shape: [2, 1, 1, 1] });
  expectAllClose(norm.forward(images), [[[[-0.5]]], [[[0.5]]]]);
  expectAllClose(norm.runningMean, [0.5]);
  expectAllClose(norm.runningVar, [1.5]);
});

test("batch norm refuses inputs of other dimensions by name", () => {
  expect(() => new nn.BatchNorm2d(3).forward(ops.zeros([2, 3]))).toThrow("batch norm expects 4 dimensions, received 2");
  expect(() => new nn.BatchNorm1d(3).forward(ops.zeros([2, 3, 4, 4]))).toThrow("2 or 3 dimensions, received 4");
});

test("batch norm learns from more than one value a channel only", () => {
  const norm = new nn.BatchNorm1d(3);
  expect(() => norm.forward(tensor([[1, 2, 3]]))).toThrow("learns from more than one value a channel, received [1, 3]");
  expect(norm.runningVar.toArray()).toEqual([1, 1, 1]);
  expectAllClose(norm.eval().forward(tensor([[1, 2, 3]])), [[1, 2, 3]], { atol: 1e-4 });
});
