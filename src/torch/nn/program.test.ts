import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { manualSeed, nn, noGrad, ops, recordCalls, scope, type Tensor } from "../index.js";
import { commonMode, type PackedProgram, packProgram } from "./packed-program.js";
import { Maps } from "./program.js";

/** Every operation once, with a shortcut around the middle. */
function everything() {
  const layers = {
    stem: new nn.Conv2d(3, 4, 3, { padding: 1, bias: false }),
    norm1: new nn.BatchNorm2d(4),
    wide: new nn.Conv2d(4, 4, 5, { stride: 2, padding: 2 }),
    norm2: new nn.BatchNorm2d(4, { eps: 0.25, momentum: 0.5 }),
    projection: new nn.Conv2d(4, 4, 1, { stride: 2, bias: false }),
    dropout: new nn.Dropout2d(0.125),
    pool: new nn.MaxPool2d(3, { stride: 2, padding: 1 }),
  };
  const body = (images: Maps) => {
    const x = images.convolve(layers.stem).norm(layers.norm1).relu();
    const shortcut = x.convolve(layers.projection);
    const inner = x.convolve(layers.wide).relu().norm(layers.norm2);
    return inner.add(shortcut).dropout(layers.dropout).maxPool(layers.pool);
  };
  return { layers, body };
}

const rowsOf = ({ rows }: PackedProgram) =>
  Array.from({ length: rows.length / 8 }, (_, i) => rows.slice(8 * i, 8 * (i + 1)));

/** What the rows say, in float32 and evaluation, read by their table alone. */
function follow({ rows, parameters, buffers, numbers }: PackedProgram, images: Tensor): Tensor {
  const values = [images];
  for (let at = 0; at < rows.length; at += 8) {
    const [kind, from, a = 0, b = 0, c = 0, d = 0, e = 0] = rows.slice(at, at + 8);
    const x = values[from as number] as Tensor;
    const results: (() => Tensor)[] = [
      () => ops.conv2d(x, parameters[a] as Tensor, { bias: b < 0 ? null : parameters[b], stride: d, padding: e }),
      () => {
        const [weight, bias] = parameters.slice(a) as [Tensor, Tensor];
        const [mean, variance] = buffers.slice(b) as [Tensor, Tensor];
        const [eps, momentum] = numbers.slice(c) as [number, number];
        return ops.batchNorm(x, weight, bias, mean, variance, false, momentum, eps, false);
      },
      () => ops.relu(x),
      () => x.add(values[a] as Tensor),
      () => ops.maxPool2d(x, a, { stride: b, padding: c }),
      () => x,
      () => x.mean([2, 3]),
      () => x,
    ];
    values.push(results[(kind as number) - 1]?.() as Tensor);
  }
  return values.at(-1) as Tensor;
}

describe("a trunk's program", () => {
  test("has a row of eight numbers for every step, in the order stated", () => {
    const program = packProgram(Maps.trace(everything().body, "mean"));
    expect(rowsOf(program)).toEqual([
      [1, 0, 0, -1, 3, 1, 1, 0],
      [2, 1, 1, 0, 0, 0, 0, 0],
      [3, 2, 0, 0, 0, 0, 0, 0],
      [1, 3, 3, -1, 1, 2, 0, 0],
      [1, 3, 4, 5, 5, 2, 2, 0],
      [3, 5, 0, 0, 0, 0, 0, 0],
      [2, 6, 6, 2, 2, 0, 0, 0],
      [4, 7, 4, 0, 0, 0, 0, 0],
      [6, 8, 4, 0, 0, 0, 0, 0],
      [5, 9, 3, 2, 1, 0, 0, 0],
      [7, 10, 0, 0, 0, 0, 0, 0],
    ]);
    expect(program.numbers).toEqual([1e-5, 0.1, 0.25, 0.5, 0.125]);
  });

  test("refers to the modules' tensors by the rows' indices", () => {
    const { layers, body } = everything();
    const { stem, norm1, projection, wide, norm2, dropout } = layers;
    const { parameters, buffers, counters, switched } = packProgram(Maps.trace(body, "maps"));
    const indices = (list: readonly unknown[], ...expected: unknown[]) => expected.map((value) => list.indexOf(value));
    const first = [stem.weight, norm1.weight, norm1.bias, projection.weight, wide.weight, wide.bias];
    expect(indices(parameters, ...first, norm2.weight, norm2.bias)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const statistics = [norm1.runningMean, norm1.runningVar, norm2.runningMean, norm2.runningVar];
    expect(indices(buffers, ...statistics)).toEqual([0, 1, 2, 3]);
    expect(indices(counters, norm1.batchesTracked, norm2.batchesTracked)).toEqual([0, 1]);
    expect(indices(switched, norm1, norm2, dropout)).toEqual([0, 1, 2]);
  });

  test.each(["mean", "maps"] as const)("ending in %s says by its rows what the stock operators compute", (end) => {
    const { layers, body } = everything();
    manualSeed(2);
    const images = ops.randn([3, 3, 9, 9]);
    const trunk = new nn.Trunk(body, end);
    noGrad(() => trunk.forward(images));
    for (const layer of Object.values(layers)) layer.eval();
    const program = packProgram(Maps.trace(body, end));
    scope(() =>
      noGrad(() => expectAllClose(follow(program, images), trunk.forward(images), { rtol: 1e-5, atol: 1e-6 })),
    );
  });

  test("knows the mode that all its modules are in, if it is one", () => {
    const { layers, body } = everything();
    const program = packProgram(Maps.trace(body, "maps"));
    expect(commonMode(program)).toBe(true);
    layers.norm2.eval();
    expect(commonMode(program)).toBeNull();
    for (const layer of Object.values(layers)) layer.eval();
    expect(commonMode(program)).toBe(false);
    expect(commonMode(packProgram(Maps.trace((images) => images.relu(), "maps")))).toBe(false);
  });

  test("goes through layers, blocks and sequences of them as they say", () => {
    class Twice extends nn.Block {
      readonly conv = new nn.Conv2d(2, 2, 1, { bias: false });
      override trace(maps: Maps): Maps {
        return maps.through(this.conv).through(this.conv);
      }
    }
    const parts = [new Twice(), new nn.Identity(), new nn.ReLU(), new nn.MaxPool2d(2), new nn.Dropout2d()];
    const steps = Maps.trace((images) => images.through(new nn.Sequential(...parts)), "maps");
    expect(steps.map(({ kind }) => kind)).toEqual(["convolve", "convolve", "relu", "maxPool", "dropout", "maps"]);
  });

  test("refuses modules that are not of feature maps, and maps of another trunk", () => {
    const linear = () => Maps.trace((images) => images.through(new nn.Linear(1, 1)), "maps");
    expect(linear).toThrow("a trunk cannot go through Linear, which has no trace(maps)");
    let other: Maps | null = null;
    Maps.trace((images) => {
      other = images;
      return images;
    }, "maps");
    expect(() => Maps.trace((images) => images.add(other as unknown as Maps), "maps")).toThrow(/same trunk/);
  });

  test("is carried out by operators of which a recorder sees every one, none writing over another's result", () => {
    const { body } = everything();
    const images = ops.randn([2, 3, 8, 8]);
    const { calls } = scope(() => recordCalls(() => new nn.Trunk(body).forward(images)));
    const names = calls.map(({ operator }) => operator).filter((name) => name !== "add_");
    const projection = ["slice", "slice", "conv2d"]; // strided, 1 x 1, of four channels: see strided-convolution.ts
    expect(names).toEqual(
      ["conv2d", "batchNorm", "relu", ...projection, "conv2d", "relu", "batchNorm", "add", "featureDropout"].concat([
        "maxPool2d",
        "adaptiveAvgPool2d",
        "flatten",
      ]),
    );
  });
});
