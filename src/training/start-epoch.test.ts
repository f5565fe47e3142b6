import { describe, expect, it } from "vitest";
import { tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import { prepare } from "./prepare.js";
import { parseRecipe } from "./recipe.js";
import { drawWatch, findsStart, latestStart, memorises, type WatchedEpoch } from "./start-epoch.js";
import { train } from "./train.js";

const epochs = (...losses: readonly (readonly [number, number])[]): WatchedEpoch[] =>
  losses.map(([trainLoss, heldOutLoss]) => ({ trainLoss, heldOutLoss }));

describe("memorising", () => {
  it("is held-out loss 3% over its best and 5% over the training loss, in two epochs running", () => {
    const learning = epochs([2, 2], [1.5, 1.6], [1.2, 1.4]);
    expect(memorises(learning)).toBe(false);
    expect(memorises([...learning, ...epochs([1, 1.45])])).toBe(false);
    expect(memorises([...learning, ...epochs([1, 1.45], [0.8, 1.43])])).toBe(false);
    expect(memorises([...learning, ...epochs([1, 1.45], [0.8, 1.445])])).toBe(true);
    expect(memorises([...learning, ...epochs([1, 1.45], [0.8, 1.5])])).toBe(true);
  });

  it("is not a bad epoch, nor two where training is as bad", () => {
    expect(memorises(epochs([2, 2], [1.5, 1.9], [1.4, 2.5], [1.3, 1.6]))).toBe(false);
    expect(memorises(epochs([2, 2], [1.5, 1.5], [1.6, 1.6], [1.7, 1.7]))).toBe(false);
  });

  it("is never seen in the first two epochs", () => {
    for (const seen of [epochs(), epochs([2, 3]), epochs([2, 3], [1, 4])]) expect(memorises(seen)).toBe(false);
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
