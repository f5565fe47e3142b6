import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import {
  CLASSES,
  classColumns,
  engineOutputs,
  openModel,
  optionsFor,
  pixels,
  smallNetwork,
} from "../../test/support/exported.js";
import { confidenceBy, type OutputScore, softmaxRows } from "../metrics/index.js";
import { createModel } from "../models/index.js";
import { noGrad, scope, type Tensor, tensor } from "../torch/index.js";
import { toOnnx } from "./onnx.js";

describe("confidence and abstention", () => {
  const network = smallNetwork("mlp", { features: 6, extraOutputs: 1 });
  const shape = [64, 6];
  const values = pixels(shape).map((value) => 40 * value - 20);

  test.each<OutputScore>(["abstention", "selection", "softmax-response", "max-logit", "entropy", "energy"])(
    "by %s are those of the metrics, at a temperature",
    async (score) => {
      const options = optionsFor([6], { score, temperature: 1.7 });
      const outputs = engineOutputs(network, values, shape, options.normalization);
      const expected = confidenceBy(score, outputs, 64, CLASSES, 1.7);
      const threshold = (expected.toSorted()[20] as number) + 1e-9;
      const { ask } = await openModel(toOnnx(network, { ...options, threshold }));
      const { confidence, abstained, probabilities } = await ask(values, shape);
      expectAllClose(confidence, expected, { rtol: 1e-5, atol: 1e-5 });
      const scaled = classColumns(outputs, 64).map((value) => value / 1.7);
      expectAllClose(probabilities, softmaxRows(scaled, CLASSES), { rtol: 1e-4, atol: 1e-5 });
      const clear = Array.from(expected.keys()).filter((i) => Math.abs((expected[i] as number) - threshold) > 1e-6);
      expect(clear.length).toBeGreaterThan(60);
      expect(clear.map((i) => abstained[i])).toEqual(clear.map((i) => (expected[i] as number) < threshold));
      expect(new Set(abstained).size).toBe(2);
    },
  );

  /** A network whose outputs are what it reads. */
  const passing = {
    ...optionsFor([CLASSES]),
    normalization: { mean: Array(CLASSES).fill(0), std: Array(CLASSES).fill(1) },
  };
  const identity = (columns = CLASSES) => {
    const linear = createModel("mlp", { classes: columns, features: CLASSES, hidden: [] });
    const eye = Array.from({ length: columns }, (_, i) => Array.from({ length: CLASSES }, (_, j) => Number(i === j)));
    const [weight, bias] = linear.parameters() as [Tensor, Tensor];
    noGrad(() => scope(() => [weight.copy_(tensor(eye)), bias.zero_()]));
    return linear;
  };

  test("tell samples apart whose confidence float32 rounds to 1", async () => {
    const { ask } = await openModel(toOnnx(identity(), { ...passing, threshold: 1 - 1e-10 }));
    const { confidence, abstained } = await ask(Float32Array.of(20, 0, 0, 0, 0, 30, 0, 0, 0, 0), [2, CLASSES]);
    expect([...confidence]).toEqual([1, 1]);
    expect(abstained).toEqual([true, false]);
  });

  test("stay numbers for outputs as large as a thousand", async () => {
    for (const score of ["entropy", "energy", "softmax-response"] as const) {
      const { ask } = await openModel(toOnnx(identity(), { ...passing, score }));
      const outputs = Float32Array.of(1000, -1000, 0, 999, 5);
      const { confidence } = await ask(outputs, [1, CLASSES]);
      expectAllClose(confidence, confidenceBy(score, outputs, 1, CLASSES));
    }
  });

  test("answer at the threshold itself, not below it", async () => {
    const { ask } = await openModel(toOnnx(identity(), { ...passing, score: "max-logit", threshold: 2 }));
    const rows = Float32Array.of(2, 0, 0, 0, 0, 1.9999999, 0, 0, 0, 0);
    expect((await ask(rows, [2, CLASSES])).abstained).toEqual([false, true]);
  });

  test.each(["softmax-response", "max-logit", "entropy", "energy"] as const)(
    "by %s are no number, and abstained from, where an output is none",
    async (score) => {
      const { ask } = await openModel(toOnnx(identity(), { ...passing, score, threshold: -1e9 }));
      for (const place of Array(CLASSES).keys()) {
        const row = Float32Array.from({ length: CLASSES }, (_, i) => (i === place ? Number.NaN : i));
        const { confidence, abstained } = await ask(row, [1, CLASSES]);
        expect({ place, confidence, abstained }).toEqual({
          place,
          confidence: Float32Array.of(Number.NaN),
          abstained: [true],
        });
      }
    },
  );

  test("answer the first of equals, and never the columns after the classes", async () => {
    const options = { ...passing, classes: 4 };
    const { ask } = await openModel(toOnnx(identity(), options));
    const { label } = await ask(Float32Array.of(1, 3, 3, 0, 9, 0, 0, 0, 0, 9), [2, CLASSES]);
    expect(label).toEqual([1, 0]);
  });
});
