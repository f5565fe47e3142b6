import { describe, expect, it } from "vitest";
import { tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import { prepare } from "./prepare.js";
import { parseRecipe } from "./recipe.js";
import { chanceLoss, drawWatch, findsStart, latestStart, memorises, type WatchedEpoch } from "./start-epoch.js";
import { train } from "./train.js";

const epochs = (...losses: readonly (readonly [number, number])[]): WatchedEpoch[] =>
  losses.map(([trainLoss, heldOutLoss]) => ({ trainLoss, heldOutLoss }));

describe("memorising", () => {
  const chance = Math.log(10);

  it("is a tenth of the knowledge of held-out samples lost, in two epochs running", () => {
    const learning = epochs([2.2, 2.2], [1.7, 1.6], [1.2, 1.4]);
    const lost = 1.4 + 0.1 * (chance - 1.4);
    expect(memorises(learning, chance)).toBe(false);
    expect(memorises([...learning, ...epochs([1, 2])], chance)).toBe(false);
    expect(memorises([...learning, ...epochs([1, 2], [0.8, lost - 0.001])], chance)).toBe(false);
    expect(memorises([...learning, ...epochs([1, 2], [0.8, lost + 0.001])], chance)).toBe(true);
  });

  it("shows under much noise too, where there is little to know", () => {
    const learning = epochs([2.31, 2.31], [2.3, 2.295]);
    expect(memorises([...learning, ...epochs([2.28, 2.297], [2.27, 2.299])], chance)).toBe(true);
    expect(memorises([...learning, ...epochs([2.28, 2.2955], [2.27, 2.299])], chance)).toBe(false);
  });

  it("is not a bad epoch, nor bad epochs in which training is as bad, nor the beginning", () => {
    expect(memorises(epochs([2, 2], [1.5, 1.9], [1.4, 2.5], [1.3, 1.6]), chance)).toBe(false);
    expect(memorises(epochs([2, 2], [1.5, 1.5], [1.8, 1.8], [1.9, 1.9]), chance)).toBe(false);
    expect(memorises(epochs([2.4, 2.5], [2.29, 2.4], [2.28, 2.35]), chance)).toBe(false);
  });

  it("is never seen in the first two epochs", () => {
    for (const seen of [epochs(), epochs([2, 2.2]), epochs([2, 2.2], [1, 2.4])]) {
      expect(memorises(seen, chance)).toBe(false);
    }
  });

  it("is measured against knowing the classes' frequencies", () => {
    const labels = Int32Array.of(0, 0, 0, 1, 2, 2);
    expect(chanceLoss(labels, Int32Array.of(0, 1, 2, 3))).toBeCloseTo(0.75 * Math.log(4 / 3) + 0.25 * Math.log(4), 12);
    expect(chanceLoss(Int32Array.of(7, 8), Int32Array.of(0, 1))).toBeCloseTo(Math.LN2, 12);
  });
});

describe("the samples watched", () => {
  const prepared = (input = {}) => prepare(parseRecipe({ data: "shapes", ...tinyRecipe, ...input }), tinyShapes);

  it("are a tenth of those trained on, all the others learnt from", async () => {
    const all = await prepared();
    const { learnt, watched } = drawWatch(all);
    expect([learnt.length, watched.length]).toEqual([54, 6]);
    expect([...learnt, ...watched].sort((a, b) => a - b)).toEqual([...all.trainIndices]);
    expect(drawWatch(await prepared())).toEqual({ learnt, watched });
  });

  it("are the validation part where there is one", async () => {
    const all = await prepared({ valFraction: 0.2 });
    expect(drawWatch(all)).toEqual({ learnt: all.trainIndices, watched: all.validationIndices });
  });
});

describe("a start to be found", () => {
  it("is looked for by methods that have one, unless it is given", () => {
    expect(findsStart({ objective: "sat", startEpoch: "auto" })).toBe(true);
    expect(findsStart({ objective: "sat", startEpoch: 3 })).toBe(false);
    expect(findsStart({ objective: "ce", startEpoch: "auto" })).toBe(false);
  });

  it("is half of training at the latest: then every sample is learnt from", async () => {
    const seen: [number, number][] = [];
    let steps = 0;
    const { summary, progress } = await train(
      { ...tinyRecipe, model: "mlp", width: 1, augment: "none", startEpoch: "auto", epochs: 6, lr: 1e-6 },
      {
        dataSet: tinyShapes,
        listeners: [
          (event) => {
            if (event.type === "step") steps += event.samples;
            if (event.type === "epoch") {
              const visited = Array.from({ length: 60 }, (_, i) => event.record[3 * i]).filter((p) => !Number.isNaN(p));
              seen.push([steps, visited.length]);
              steps = 0;
            }
          },
        ],
      },
    );
    expect(latestStart(6)).toBe(3);
    expect(summary?.startEpoch).toBe(3);
    expect(progress.watched).toHaveLength(3);
    expect(seen).toEqual([54, 54, 54, 60, 60, 60].map((count) => [count, count]));
  });
});
