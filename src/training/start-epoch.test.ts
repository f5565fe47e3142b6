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

  it("is 40% of the knowledge known by heart, in two epochs running", () => {
    const learning = epochs([2.2, 2.2], [1.7, 1.9], [1.2, 1.6]);
    const byHeart = 1 + 0.4 * (chance - 1);
    expect(memorises(learning, chance)).toBe(false);
    expect(memorises([...learning, ...epochs([1, byHeart + 0.01])], chance)).toBe(false);
    expect(memorises([...learning, ...epochs([1, byHeart + 0.01], [1, byHeart - 0.01])], chance)).toBe(false);
    expect(memorises([...learning, ...epochs([1, byHeart + 0.01], [1, byHeart + 0.01])], chance)).toBe(true);
  });

  it("shows under much noise too, where there is little to know", () => {
    const learning = epochs([2.31, 2.31], [2.3, 2.3]);
    expect(memorises([...learning, ...epochs([2.28, 2.29], [2.26, 2.28])], chance)).toBe(true);
    expect(memorises([...learning, ...epochs([2.28, 2.288], [2.26, 2.276])], chance)).toBe(false);
  });

  it("is not a single bad epoch, nor knowing nothing yet", () => {
    expect(memorises(epochs([2, 2], [1.5, 1.9], [1.4, 2.5], [1.3, 1.6]), chance)).toBe(false);
    expect(memorises(epochs([2.4, 2.5], [2.32, 2.4], [2.31, 2.35]), chance)).toBe(false);
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
    const notes: string[] = [];
    let steps = 0;
    const { summary, progress } = await train(
      { ...tinyRecipe, model: "mlp", width: 1, augment: "none", startEpoch: "auto", epochs: 6, lr: 1e-6 },
      {
        dataSet: tinyShapes,
        listeners: [
          (event) => {
            if (event.type === "note") notes.push(event.text);
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
    expect(notes).toEqual(["no memorising was seen: targets start to move in epoch 3, half of training"]);
    expect(progress.watched).toHaveLength(3);
    expect(seen).toEqual([54, 54, 54, 60, 60, 60].map((count) => [count, count]));
  });
});
