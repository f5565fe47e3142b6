import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { train } from "../training/index.js";
import { fineTuningLeft } from "./fine-tuning.js";
import { planRuns } from "./planned-runs.js";

const folder = temporaryFolder();

describe("the fine-tuning of a study", () => {
  it("is begun, then resumed where it was stopped, on the data where it is now", async () => {
    const recipe = { model: "mlp", width: 1, data: "shapes:train=20,test=10,size=16,seed=0" } as const;
    const [run] = planRuns([{ name: "A", slug: "a", seeds: [0], recipe }], [0], folder("study"));
    const set = { epochs: 1, batchSize: 10 };
    const left = (data: string) =>
      fineTuningLeft({ ...run!, recipe: { ...run!.recipe, data } }, { samples: [10], set });
    expect(left("here")[0]).toEqual(expect.arrayContaining(["train", 'data="here"', "limitTrain=10"]));
    await train({ ...recipe, epochs: 1, seed: 0 }, { out: run!.folder });
    const out = `${run!.folder}-fine-tuned-10`;
    await train({ ...recipe, ...set, seed: 0, limitTrain: 10, weights: run!.folder }, { out });
    expect(left("here")).toEqual([]);
    rmSync(join(out, "summary.json"));
    expect(left("elsewhere")).toEqual([["train", "--resume", "--data", "elsewhere", "--out", out]]);
  });
});
