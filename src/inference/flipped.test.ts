import { describe, expect, it } from "vitest";
import { withFlips } from "./flipped.js";
import type { Prediction, Predictor } from "./predictor.js";

/** Two classes; the probability of the first is the pixel on the left, the confidence what `confidence` makes of it. */
function leftPixel(
  score: Predictor["score"],
  confidence: (p: number) => number,
  threshold: number | null = null,
): Predictor {
  const predict = async (batch: Float32Array | Uint8Array, samples: number): Promise<Prediction[]> =>
    Array.from({ length: samples }, (_, i) => {
      const p = batch[i * 6] as number;
      return {
        label: p >= 0.5 ? "a" : "b",
        confidence: confidence(p),
        abstained: false,
        probabilities: Float32Array.of(p, 1 - p),
      };
    });
  const input = { kind: "images", channels: 1, height: 2, width: 3, range: [0, 1] } as const;
  return { classes: ["a", "b"], input, score, calibration: null, threshold, predict, close: async () => {} };
}

const batch = Float32Array.of(0.9, 0, 0.2, 0, 0, 0, 0.25, 0, 0.125, 0, 0, 0);
const maximum = (p: number) => Math.max(p, 1 - p);

describe("predictions averaged over mirror images", () => {
  it("average the probabilities, and have the score of the averages", async () => {
    const [first, second] = await withFlips(leftPixel("softmax-response", maximum)).predict(batch, 2);
    expect(first?.label).toBe("a");
    expect(first?.confidence).toBeCloseTo(0.55, 6);
    expect(first?.probabilities[0]).toBeCloseTo(0.55, 6);
    expect(second).toMatchObject({ label: "b", probabilities: Float32Array.of(0.1875, 0.8125) });
    expect(second?.confidence).toBeCloseTo(0.8125, 6);
  });

  it("tell apart the confident, whose probability is 1 as float32", async () => {
    const almost = 1e-11;
    const flipped = withFlips({
      ...leftPixel("softmax-response", maximum, 1 - almost / 10),
      predict: async () => [
        { label: "a", confidence: 1 - almost, abstained: false, probabilities: Float32Array.of(1 - almost, almost) },
      ],
    });
    const [prediction] = await flipped.predict(batch.subarray(0, 6), 1);
    expect(1 - prediction!.confidence).toBeCloseTo(almost, 14);
    expect(prediction!.abstained).toBe(true);
  });

  it("have the mean of scores that need more than probabilities, and the model's threshold", async () => {
    const [first] = await withFlips(leftPixel("energy", (p) => 10 * p, 6)).predict(batch, 1);
    expect(first?.confidence).toBeCloseTo(5.5, 5);
    expect(first?.abstained).toBe(true);
  });

  it("leave the batch as it was, bytes or floats", async () => {
    const given = batch.slice();
    await withFlips(leftPixel("softmax-response", maximum)).predict(given, 2);
    expect(given).toEqual(batch);
  });

  it("are refused for a model of features", () => {
    const features = { ...leftPixel("softmax-response", maximum), input: { kind: "features", shape: [3] } } as const;
    expect(() => withFlips(features)).toThrow("`tta: flip` mirrors images; this model takes features: expected none");
  });
});
