import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { secondsLeft, secondsOfAll } from "./estimate.js";
import { checkedRecipe, isBegun, isTrained, planRuns, requireSameRecipe, writeRecipe } from "./planned-runs.js";
import { eachOf } from "./queue.js";

const folder = temporaryFolder();
const row = (recipe: object) => ({ name: "A", slug: "a", seeds: [0], recipe: { data: "/here", ...recipe } });
const runs = (recipe: object, out: string) => planRuns([row(recipe)], [0, 3], out);

describe("the runs of a row", () => {
  it("differ in their seeds, and lie below its name", () => {
    const planned = runs({ epochs: 2 }, "out");
    expect(planned.map((run) => [run.folder, run.recipe.seed])).toEqual([
      [join("out", "a", "seed-0"), 0],
      [join("out", "a", "seed-3"), 3],
    ]);
  });

  it("name the row when their recipe is none", () => {
    expect(() => checkedRecipe(runs({ epoch: 2 }, "out")[0]!)).toThrow(
      'A: unknown recipe key "epoch"; did you mean "epochs"?',
    );
  });

  it("go on in their folder by the same recipe, even where the data has moved, and by no other", () => {
    const out = folder("runs");
    const [run] = runs({ epochs: 2, valFraction: 0.1 }, out);
    writeRecipe(run!);
    expect([isBegun(run!), isTrained(run!)]).toEqual([false, false]);
    mkdirSync(run!.folder);
    writeFileSync(join(run!.folder, "recipe.yaml"), "");
    expect(isBegun(run!)).toBe(true);
    const asked = (recipe: object) => () => requireSameRecipe(runs(recipe, out)[0]!);
    expect(asked({ epochs: 2, valFraction: 0.1 })).not.toThrow();
    expect(asked({ epochs: 2, valFraction: 0.1, data: "/there" })).not.toThrow();
    expect(asked({ epochs: 3, valFraction: 0.1 })).toThrow(
      /holds a run with epochs 2; received epochs 3: choose another `out`$/,
    );
    expect(asked({ epochs: 2 })).toThrow("with valFraction 0.1; received valFraction none");
    expect(asked({ epochs: 2, valFraction: 0.1, lr: 1 })).toThrow("with lr none; received lr 1");
  });
});

describe("the time left", () => {
  it("is the estimate at first, and follows how long finished runs took", () => {
    const run = (took: number | null) => ({ expected: 10, took });
    expect(secondsLeft([run(null), run(null), run(null), run(null)], 2)).toBe(20);
    expect(secondsLeft([run(20), run(null), run(null)], 2)).toBe(20);
    expect(secondsLeft([run(20), run(20)], 2)).toBe(0);
  });

  it("is not cut by jobs that have no run left, and is no shorter than the longest run", () => {
    const run = (expected: number, took: number | null = null) => ({ expected, took });
    expect(secondsLeft([run(10, 10), run(10)], 4)).toBe(10);
    expect(secondsLeft([run(30), run(10), run(10)], 2)).toBe(30);
    expect(secondsOfAll([10, 10, 10], 2)).toBe(15);
    expect(secondsOfAll([], 2)).toBe(0);
  });
});

describe("the queue", () => {
  it("keeps so many at work, begins them in order, and begins none after the signal", async () => {
    const stop = new AbortController();
    const began: number[] = [];
    let working = 0;
    let most = 0;
    await eachOf([0, 1, 2, 3, 4, 5, 6, 7], { jobs: 3, signal: stop.signal }, async (item) => {
      began.push(item);
      most = Math.max(most, ++working);
      await nextTurn();
      working--;
      if (item === 4) stop.abort();
    });
    expect(most).toBe(3);
    expect(began.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(began.length).toBeLessThan(8);
  });

  it("ends with the first error when all that was under way has ended, and begins nothing more", async () => {
    const { signal } = new AbortController();
    const ended: number[] = [];
    const work = async (item: number) => {
      if (item === 0) throw new Error("the disk is full");
      await nextTurn();
      ended.push(item);
    };
    await expect(eachOf([0, 1, 2, 3], { jobs: 2, signal }, work)).rejects.toThrow("the disk is full");
    expect(ended).toEqual([1]);
  });
});
