import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { detectionEpochs, drawn, perceptron } from "../../../test/support/detection.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { byMethod } from "../../../test/support/tiny-run.js";
import type { DataSet, HeldSamples } from "../../data/index.js";
import { type HeldOutPredictions, readHeldOut } from "../../runs/files/held-out-files.js";
import type { DetectionEpoch } from "../../runs/progress.js";
import { parseRecipe, type RecipeInput } from "../../runs/recipe/schema.js";
import { type DetectionSplit, halfwayStart, neverStarts, splitForDetection } from "../start/given-start.js";
import { train } from "../train.js";
import { decideStart } from "./start-detection.js";

describe("what an epoch decides", () => {
  /** After epoch `next - 1` of 20, of a network that overfits, does not, or generalizes worse. */
  const decide = (losses: readonly (readonly [number, number])[], next: number, input: Partial<RecipeInput> = {}) => {
    const recipe = parseRecipe({ data: "shapes", epochs: 20, ...input });
    return decideStart(detectionEpochs(...losses), { next, recipe, chance: Math.log(10) });
  };
  const overfits = [
    [1.9, 1.9],
    [1.5, 1.8],
    [1, 1.8],
    [1, 1.81],
    [1, 1.81],
  ] as const;
  const learns = [
    [1.9, 1.9],
    [1.5, 1.8],
    [1.5, 1.7],
    [1.5, 1.69],
    [1.5, 1.68],
  ] as const;
  const worsens = [
    [1.9, 1.7],
    [1.5, 1.7],
    [1.4, 1.7],
    [1.3, 1.9],
    [1.2, 1.9],
  ] as const;

  it("is a start where the network overfits in the first half of training or at three quarters, but not between", () => {
    expect([5, 15].map((next) => decide(overfits, next))).toEqual(
      [5, 15].map((next) => ({
        startEpoch: next,
        note: `memorization begins: targets start to move in epoch ${next}`,
      })),
    );
    expect([10, 12, 14].map((next) => decide(overfits, next))).toEqual(Array(3).fill({ startEpoch: null, note: null }));
  });

  it("is a start where the network generalizes worse, throughout", () => {
    expect([5, 12, 17].map((next) => decide(worsens, next).startEpoch)).toEqual([5, 12, 17]);
  });

  it("is to wait where nothing is memorized, and no start at all from three quarters of training on", () => {
    expect([5, 12, 14].map((next) => decide(learns, next))).toEqual(Array(3).fill({ startEpoch: null, note: null }));
    expect(decide(learns, 15).startEpoch).toBe(neverStarts);
  });

  it("is a start at half of training for a method that is for more than wrong labels", () => {
    expect([9, 10].map((next) => decide(learns, next, { objective: "forward" }).startEpoch)).toEqual([null, 10]);
  });
});

/** Two classes on a line that overlap in the middle, where alone a network errs. */
const overlapping: DataSet<HeldSamples> = {
  format: "drawn",
  classes: ["low", "high"],
  train: {
    values: Float32Array.from({ length: 1200 }, (_, i) => (i % 2) + 0.8 * Math.sin(7 * i)),
    shape: [1],
    labels: Int32Array.from({ length: 1200 }, (_, i) => i % 2),
  },
  test: null,
  notes: [],
};

describe("a detected start", () => {
  it("is none where nothing is memorized by three quarters of training, and every sample is trained on from then", async () => {
    const seen: [number, number][] = [];
    const notes: string[] = [];
    let steps = 0;
    const input = { ...perceptron, epochs: 6, lr: 1e-6 };
    const { summary, progress } = await train(input, {
      dataSet: drawn,
      listeners: [
        (event) => {
          if (event.type === "note") notes.push(event.text);
          if (event.type === "step") steps += event.samples;
          if (event.type === "epoch") {
            const visited = drawn.train.labels.filter((_, i) => !Number.isNaN((event.history as Float32Array)[3 * i]));
            seen.push([steps, visited.length]);
            steps = 0;
          }
        },
      ],
    });
    expect(summary?.startEpoch).toBeNull();
    expect(notes).toEqual([
      "nothing is memorized by three quarters of training: targets stay at the labels, and all samples are trained on from now on",
    ]);
    expect(progress.detectionEpochs).toHaveLength(5);
    expect(seen).toEqual([1080, 1080, 1080, 1080, 1080, 1200].map((count) => [count, count]));
    expect(progress.samples).toBe(5 * 1080 + 1200);
  });

  it("is half of training where nothing is memorized, of a method that is for more than wrong labels", async () => {
    const notes: string[] = [];
    const { summary, progress } = await train(byMethod({ ...perceptron, objective: "forward", epochs: 6, lr: 1e-6 }), {
      dataSet: drawn,
      listeners: [(event) => void (event.type === "note" && notes.push(event.text))],
    });
    expect([halfwayStart(6), summary?.startEpoch]).toEqual([3, 3]);
    expect(notes.at(-1)).toBe("no memorization detected by half of training: the noise is estimated in epoch 3");
    expect(progress.samples).toBe(3 * 1080 + 3 * 1200);
  });

  it("leaves the predictions for the samples held out until then, epoch by epoch, also in the run folder", async () => {
    const out = join(temporaryFolder()("runs"), "held-out");
    const emitted: HeldOutPredictions[] = [];
    const { prepared: data, progress } = await train(
      { ...perceptron, epochs: 4, lr: 0.01 },
      {
        dataSet: drawn,
        out,
        listeners: [(event) => void (event.type === "held-out" && emitted.push(event.predictions))],
      },
    );
    const { heldOut } = splitForDetection(data) as DetectionSplit;
    expect([...readHeldOut(out)]).toEqual(emitted);
    expect(emitted.map(({ index }) => index)).toEqual([heldOut, heldOut, heldOut]);
    for (const [epoch, { index, probabilities }] of emitted.entries()) {
      const losses = Array.from(index, (i, k) => -Math.log(probabilities[10 * k + data.train.labels[i]!]!));
      const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
      const squares = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0);
      const { heldOutLoss, heldOutError } = progress.detectionEpochs[epoch] as DetectionEpoch;
      expect(heldOutLoss).toBeCloseTo(mean, 4);
      expect(heldOutError).toBeCloseTo(Math.sqrt(squares / (losses.length - 1) / losses.length), 4);
      expect(probabilities).toHaveLength(10 * heldOut.length);
      const row = (k: number) => probabilities.subarray(10 * k, 10 * k + 10);
      const sums = Array.from(heldOut, (_, k) => row(k).reduce((sum, p) => sum + p, 0));
      expect(Math.max(...sums.map((sum) => Math.abs(sum - 1)))).toBeLessThan(1e-5);
    }
  });

  it("is none where the labels look right: targets stay at them, and all samples are trained on", async () => {
    const notes: string[] = [];
    let drift: number | null | undefined;
    const { summary, progress } = await train(
      { ...perceptron, noise: "none", epochs: 6, lr: 0.05 },
      {
        dataSet: overlapping,
        listeners: [
          (event) => {
            if (event.type === "note") notes.push(event.text);
            if (event.type === "epoch") drift = event.metrics.targetDrift;
          },
        ],
      },
    );
    expect(notes).toEqual([
      "the labels look right: targets stay at the labels, and all samples are trained on from now on",
    ]);
    expect([summary?.startEpoch, drift]).toEqual([null, 0]);
    expect(progress.samples).toBeGreaterThan(6 * 1080);
  });

  it("is not said of a method without one", async () => {
    const { summary } = await train(byMethod({ ...perceptron, objective: "elr", epochs: 2 }), { dataSet: drawn });
    expect(summary?.startEpoch).toBeNull();
  });
});
