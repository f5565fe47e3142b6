import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { byMethod, tinyRecipe, tinyShapes } from "../../../test/support/tiny-run.js";
import { type DataSet, type HeldSamples, shapesDataSet } from "../../data/index.js";
import { type HeldOutPredictions, readHeldOut } from "../../runs/files/held-out-files.js";
import { prepare } from "../../runs/prepare.js";
import type { DetectionEpoch } from "../../runs/progress.js";
import { parseRecipe, type RecipeInput } from "../../runs/recipe/schema.js";
import { train } from "../train.js";
import {
  chanceLoss,
  type DetectionSplit,
  disagreements,
  givenStart,
  halfwayStart,
  labelsLookRight,
  memorizes,
  splitForDetection,
} from "./start-detection.js";

const epochs = (...losses: readonly (readonly [number, number])[]): DetectionEpoch[] =>
  losses.map(([trainLoss, heldOutLoss]) => ({
    trainLoss,
    heldOutLoss,
    heldOutError: 0.1,
    disagreement: 0.5,
    confidentDisagreement: 0,
  }));

describe("memorization", () => {
  const chance = Math.log(10);
  const early = (seen: readonly DetectionEpoch[]) => memorizes(seen, chance, false);
  const late = (seen: readonly DetectionEpoch[]) => memorizes(seen, chance, true);
  const withError = (heldOutError: number, seen: readonly DetectionEpoch[]) =>
    seen.map((epoch) => ({ ...epoch, heldOutError }));
  /** Training samples are fitted much better than held-out ones, of which the fits are given. */
  const afterFits = (...fits: readonly number[]) =>
    epochs(...fits.map((fit, i) => [0.3 - 0.01 * i, chance - fit] as const));

  it("is detected at 40% of the fit to the labels, in two consecutive epochs of the first half", () => {
    const learning = epochs([2.2, 2.2], [1.7, 1.9], [1.2, 1.5], [1.2, 1.5]);
    const memorized = 1 + 0.4 * (chance - 1);
    expect(early(learning)).toBe(false);
    expect(early([...learning, ...epochs([1, memorized + 0.01])])).toBe(false);
    expect(early([...learning, ...epochs([1, memorized + 0.01], [1, memorized - 0.01])])).toBe(false);
    const seen = [...learning, ...epochs([1, memorized + 0.01], [1, memorized + 0.01])];
    expect([early(seen), late(seen)]).toEqual([true, false]);
  });

  it("is not detected while held-out samples are predicted better after every epoch", () => {
    const learning = epochs([2.2, 2.2], [1.5, 1.77], [1, 1.76], [0.9, 1.75]);
    expect(early(learning)).toBe(false);
    expect(early([...learning, ...epochs([0.8, 1.76], [0.7, 1.74])])).toBe(false);
    expect(early([...learning, ...epochs([0.8, 1.76], [0.7, 1.76])])).toBe(true);
  });

  it("is detected under heavy noise too, where there is little to fit", () => {
    const heavy = (...last: readonly (readonly [number, number])[]) =>
      early(withError(0.005, epochs([2.31, 2.31], [2.3, 2.276], [2.29, 2.28], ...last)));
    expect(heavy([2.26, 2.28], [2.26, 2.28])).toBe(true);
    expect(heavy([2.28, 2.288], [2.26, 2.2765])).toBe(false);
  });

  it("is detected throughout where training samples are predicted better and others worse by more than a standard error, twice in a row", () => {
    const afterLosses = (...losses: readonly number[]) =>
      late(withError(0.1, epochs(...[1, 1, ...losses].map((loss, i) => [0.9 - 0.01 * i, loss] as const))));
    expect(afterLosses(1.11, 1.11)).toBe(true);
    expect(afterLosses(1.11, 1.09)).toBe(false);
    expect(afterLosses(1.5, 1.02, 1.5)).toBe(false);
    expect(afterLosses(0.95, 1.04, 1.06)).toBe(false);
    expect(afterLosses(0.95, 1.06, 1.06)).toBe(true);
  });

  it("is not detected where a high learning rate makes the loss of training samples worse, too", () => {
    const unsteady = (...last: readonly (readonly [number, number])[]) => late(epochs([1, 1], [0.9, 1], ...last));
    expect(unsteady([0.8, 1.2], [0.7, 1.2])).toBe(true);
    expect(unsteady([1, 1.2], [0.7, 1.2])).toBe(false);
    expect(unsteady([0.8, 1.2], [1, 1.2])).toBe(false);
  });

  it("is not detected before held-out samples are fitted by two standard errors: a network that has learned nothing", () => {
    expect(early(epochs([2.4, 2.5], [2.32, 2.4], [2.31, 2.35], [2.3, 2.5], [2.3, 2.5]))).toBe(false);
    const seen = epochs([2.27, 2.297], [2.27, 2.298], [2.26, 2.299], [2.25, 2.305]);
    expect([0.006, 0.001].map((error) => early(withError(error, seen)))).toEqual([false, true]);
  });

  it("is not detected while the network learns fast: while its best fit grows by more than a tenth in three epochs", () => {
    const detected = [early, late].map((detect) => (fits: readonly number[]) => detect(afterFits(...fits)));
    for (const detect of detected) {
      expect(detect([0.3, 0.4, 0.5, 0.6, 0.45, 0.45])).toBe(false);
      expect(detect([0.3, 0.4, 0.5, 0.6, 0.45, 0.45, 0.45])).toBe(true);
      expect(detect([1, 1, 1.09, 0.8, 0.8])).toBe(true);
      expect(detect([1, 1, 1.11, 0.8, 0.8])).toBe(false);
      expect(detect([-0.2, -0.1, 0.25, 0.05, 0.05])).toBe(false);
    }
  });

  it("is never detected in the first three epochs", () => {
    const fits = [1, 0.7, 0.5, 0.3];
    expect([0, 1, 2, 3, 4].map((count) => early(afterFits(...fits.slice(0, count))))).toEqual([
      ...[false, false, false, false],
      true,
    ]);
  });

  it("is measured against predicting the class frequencies", () => {
    const labels = Int32Array.of(0, 0, 0, 1, 2, 2);
    expect(chanceLoss(labels, Int32Array.of(0, 1, 2, 3))).toBeCloseTo(0.75 * Math.log(4 / 3) + 0.25 * Math.log(4), 12);
    expect(chanceLoss(Int32Array.of(7, 8), Int32Array.of(0, 1))).toBeCloseTo(Math.LN2, 12);
  });
});

describe("labels", () => {
  /** Two classes, 50 samples predicted as each, the k-th most confident wrong where `isWrong(k)`. */
  const epochOf = (isWrong: (k: number) => boolean): DetectionEpoch => {
    const predicted = Array.from({ length: 100 }, (_, i) => i % 2);
    const confidence = (i: number) => 0.99 - 0.004 * Math.floor(i / 2);
    const rows = predicted.map((label, i) => [0, 1].map((j) => (j === label ? confidence(i) : 1 - confidence(i))));
    const labels = Int32Array.from(predicted, (label, i) => (isWrong(Math.floor(i / 2)) ? 1 - label : label));
    return { ...(epochs([1, 1])[0] as DetectionEpoch), ...disagreements(Float32Array.from(rows.flat()), labels) };
  };
  const right = epochOf((k) => k >= 30 && k % 2 === 0);
  const wrong = epochOf((k) => k % 4 === 0);

  it("are compared with the five most confident predictions of each class, and with all", () => {
    expect([right.confidentDisagreement, right.disagreement]).toEqual([0, 0.2]);
    expect([wrong.confidentDisagreement, wrong.disagreement]).toEqual([0.4, 0.26]);
  });

  it("look right where confident predictions agree with them much more often than others", () => {
    expect(labelsLookRight([right])).toBe(true);
    expect(labelsLookRight([wrong, right, right, right])).toBe(true);
  });

  it("look wrong where they contradict confident predictions as often as others, on average over three epochs", () => {
    expect(labelsLookRight([wrong])).toBe(false);
    expect(labelsLookRight([wrong, right, right])).toBe(false);
    expect(labelsLookRight([epochOf((k) => k % 10 === 0 || k > 45)])).toBe(false);
  });
});

const drawn = shapesDataSet({ train: 1200, test: 10, size: 16, seed: 3 });
const perceptron = {
  ...tinyRecipe,
  model: "mlp",
  width: 1,
  augment: "none",
  batchSize: 200,
  startEpoch: "auto",
} as const;
const prepared = (input: Partial<RecipeInput> = {}, data = drawn) =>
  prepare(parseRecipe(byMethod({ data: "shapes", ...perceptron, ...input })), data);

describe("the held-out samples of start detection", () => {
  it("are a tenth of the training samples, and the others are trained on", async () => {
    const all = await prepared();
    const { train, heldOut, trainSubset } = splitForDetection(all) as DetectionSplit;
    expect([train.length, heldOut.length, trainSubset.length]).toEqual([1080, 120, 120]);
    expect(trainSubset.every((i) => train.includes(i))).toBe(true);
    expect(new Set(trainSubset).size).toBe(120);
    expect([...train, ...heldOut].sort((a, b) => a - b)).toEqual([...all.trainIndices]);
    expect(splitForDetection(await prepared())).toEqual({ train, heldOut, trainSubset });
  });

  it("are the validation part where there is one that is large enough", async () => {
    const all = await prepared({ valFraction: 0.2 });
    const { train, heldOut, trainSubset } = splitForDetection(all) as DetectionSplit;
    expect([train, heldOut]).toEqual([all.trainIndices, all.validationIndices]);
    expect(trainSubset).toHaveLength(heldOut.length);
    expect(trainSubset.every((i) => train.includes(i))).toBe(true);
    const small = await prepared({ valFraction: 0.05 });
    expect(splitForDetection(small)?.heldOut.length).toBe(Math.floor(small.trainIndices.length / 10));
    expect(splitForDetection(small)?.heldOut.some((i) => small.validationIndices.includes(i))).toBe(false);
  });

  it.each<[string, Partial<RecipeInput>]>([
    ["the start is given", { startEpoch: 3 }],
    ["the method has none", { objective: "ce" }],
    ["the noise is given", { objective: "forward", transition: "given.csv" }],
    ["there is one epoch", { epochs: 1 }],
  ])("are none where %s", async (_, input) => {
    const { transition, ...rest } = input;
    const all = await prepared(rest);
    expect(splitForDetection({ ...all, recipe: { ...all.recipe, ...(transition && { transition }) } })).toBeNull();
  });

  it("are none of few samples, which start at half of training", async () => {
    const few = await prepared({ epochs: 9, batchSize: 12 }, tinyShapes);
    expect(splitForDetection(few)).toBeNull();
    expect([givenStart(few), givenStart(await prepared()), givenStart(await prepared({ startEpoch: 7 }))]).toEqual([
      4,
      Number.POSITIVE_INFINITY,
      7,
    ]);
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
