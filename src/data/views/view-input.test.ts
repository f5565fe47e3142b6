import { afterAll, describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { plainImage, plainView, randomPixels, viewOf } from "../../../test/support/plain-views.js";
import { liveTensors, ops, scope, setThreads, type Tensor, tensor, threads } from "../../torch/index.js";
import { callOperator } from "../../torch/unsafe.js";
import { columnCount, columns, drawViews } from "./draw.js";
import { viewRecipe } from "./recipe.js";
import { createViewInput, type ViewInput } from "./view-input.js";

const [n, height, width, size] = [40, 24, 20, 16] as const;
const pixels = randomPixels(n * 3 * height * width);
const images = tensor(pixels, { shape: [n, 3, height, width] });
const normalization = { mean: [0.5, 0.4, 0.3], std: [0.25, 0.2, 0.5] };
const recipe = { size, views: viewRecipe("byol", 64).views };
const options = { normalization, device: "cpu", dtype: "float32", recipe } as const;
const key = { seed: 3, epoch: 5, view: 1 };
const viewsOf = (input: ViewInput, index: Int32Array, drawn = key) =>
  input.make({ values: images, rows: index }, index, drawn);
const order = Int32Array.from({ length: 30 }, (_, i) => (7 * i) % n);
afterAll(() => images.release());

describe("views", () => {
  it("are what their draws say, normalized, in channels_last", () => {
    const views = createViewInput(options);
    scope(() => {
      for (const view of [0, 1]) {
        const draws = drawViews(recipe.views[view]!, { ...key, view }, order, [height, width]);
        const plain = Array.from(order, (sample, i) => {
          const drawn = viewOf(draws.subarray(i * columnCount, (i + 1) * columnCount));
          return plainView(plainImage(pixels, sample, height, width), drawn, size, 1).map((channel, c) =>
            channel.map((row) => row.map((x) => (x - normalization.mean[c]!) / normalization.std[c]!)),
          );
        });
        const result = viewsOf(views, order, { ...key, view });
        expect(result.strides).toEqual([size * size * 3, 1, size * 3, 3]);
        expectAllClose(result, plain, { rtol: 0, atol: 1e-5 });
      }
    });
    views.release();
  });

  it("are drawn again for each seed, epoch and view, and the same for the same", () => {
    const views = createViewInput(options);
    scope(() => {
      const first = viewsOf(views, order).data();
      expect(viewsOf(createViewInput(options), order).data()).toEqual(first);
      for (const changed of [{ seed: 4 }, { epoch: 6 }, { view: 3 }]) {
        expect(viewsOf(views, order, { ...key, ...changed }).data()).not.toEqual(first);
      }
    });
    views.release();
  });

  it("come out with the same bits on any number of threads", () => {
    const before = threads();
    const views = createViewInput(options);
    const results = [1, 2, 3].map((count) => {
      setThreads(count);
      return scope(() => viewsOf(views, order).data());
    });
    setThreads(before);
    views.release();
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it("have the requested element type, and may be none", () => {
    const views = createViewInput({ ...options, dtype: "bfloat16" });
    scope(() => {
      expect(viewsOf(views, order).dtype).toBe("bfloat16");
      expect(viewsOf(views, new Int32Array(0)).shape).toEqual([0, 3, size, size]);
    });
    views.release();
  });

  it("leave no tensor behind, and do not release the images", () => {
    const before = liveTensors();
    const views = createViewInput(options);
    scope(() => void viewsOf(views, order));
    views.release();
    expect(liveTensors()).toBe(before);
    expect(images.released).toBe(false);
  });
});

describe("the fused operator", () => {
  const row = (changed: Partial<Record<keyof typeof columns, number>> = {}) => {
    const draw = new Float32Array(columnCount);
    draw.set([2, 1, 5, 6]);
    for (const [name, value] of Object.entries(changed)) draw[columns[name as keyof typeof columns]] = value;
    return draw;
  };
  const rows = (...draws: Float32Array[]) =>
    tensor(Float32Array.from(draws.flatMap((draw) => [...draw])), { shape: [draws.length, columnCount] });
  const good = {
    images: ops.zeros([4, 3, 8, 9], { dtype: "uint8" }),
    index: tensor(Int32Array.of(0, 3)),
    draws: rows(row(), row()),
    size: 6,
    radius: 2,
    mean: ops.zeros([3]),
    std: ops.ones([3]),
  };
  const call = (changed: Partial<Record<keyof typeof good, unknown>>) =>
    callOperator("selfadapt::views", "", ...Object.values({ ...good, ...changed })) as Tensor;
  const second = (changed: Parameters<typeof row>[0]) => rows(row(), row(changed));
  const twice = row();
  twice.set([3, 3], columns.step);

  it.each<[keyof typeof good, unknown, string]>([
    [
      "images",
      ops.zeros([4, 3, 8, 9]),
      "images are contiguous uint8 of the shape (n, 3, height, width), received Float",
    ],
    ["images", ops.zeros([4, 1, 8, 9], { dtype: "uint8" }), "of the shape [4, 1, 8, 9]"],
    ["images", good.images.transpose(2, 3), "images are contiguous"],
    ["index", ops.zeros([2], { dtype: "int64" }), "the index is int32 of the shape (n), received Long"],
    ["index", tensor(Int32Array.of(0, 4)), "the index 4 at position 1 is not among the 4 images"],
    ["index", tensor(Int32Array.of(-1, 0)), "the index -1 at position 0"],
    ["draws", rows(row()), "the draws are float32 of the shape (2, 16), received Float of the shape [1, 16]"],
    ["draws", second({ height: 9 }), "the draws at position 1 have 9 in column 2; expected a number from 1 to 8"],
    ["draws", second({ width: 0 }), "have 0 in column 3; expected a number from 1 to 9"],
    ["draws", second({ top: 4 }), "have 4 in column 0; expected a number from 0 to 3"],
    ["draws", second({ left: Number.NaN }), "have nan in column 1"],
    ["draws", second({ step: 5 }), "have 5 in column 5; expected a number from 0 to 4"],
    ["draws", second({ step: 4, amount: 0.6 }), "have 0.6 in column 9; expected a number from -0.5 to 0.5"],
    ["draws", second({ step: 1, amount: -1 }), "have -1 in column 9; expected a number from 0 to 1000"],
    ["draws", second({ sigma: -1 }), "have -1 in column 14"],
    ["draws", rows(row(), twice), "the draws at position 1 have the change of color 3 twice"],
    ["size", 0, "the side of a view is 1 to 16384, received 0"],
    ["radius", 6, "a blur reaches 0 to 5 pixels, received 6"],
    ["mean", ops.zeros([2]), "the mean is a float32 number for each of 3 channels, received Float of the shape [2]"],
    ["std", ops.ones([3], { dtype: "float64" }), "the deviation is a float32 number for each of 3 channels"],
  ])("refuses %s that do not fit", (name, value, message) => {
    expect(call({}).shape).toEqual([2, 3, 6, 6]);
    expect(() => call({ [name]: value })).toThrow(message);
  });
});
