import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { embeddings } from "../../test/support/small-data.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { estimateSeconds } from "./estimate.js";
import { planRuns } from "./planned-runs.js";

const home = temporaryFolder()("home", embeddings(30));
const small = { data: home, model: "mlp", width: 4, epochs: 3, batchSize: 4, objective: "ce" };
const runsOf = (...recipes: object[]) =>
  planRuns(
    recipes.map((recipe, i) => ({ name: `row ${i}`, slug: `row-${i}`, seeds: [0], recipe: { ...small, ...recipe } })),
    [0],
    join(home, "out"),
  );

describe("the estimate of a study", () => {
  it("is one for runs that cost the same", async () => {
    const same = [{}, { noise: "symmetric:0.4" }];
    const others = [{ epochs: 30 }, { objective: "mixup" }, { emaDecay: 0.9 }];
    const [first, second, ...rest] = await estimateSeconds(runsOf(...same, ...others));
    expect(first).toBeGreaterThan(0);
    expect(second).toBe(first);
    expect(new Set([first, ...rest]).size).toBe(4);
  });

  it.each([
    ["noise", { noise: "file:gone.npy" }, "gone.npy"],
    ["labels", { labels: "gone.csv" }, "gone.csv"],
    ["transition matrix", { objective: "forward", transition: "gone.npy" }, "gone.npy"],
    ["method", { objective: "forward", startEpoch: 0 }, "received 0; expected 1 or more"],
    ["weights", { weights: "gone.safetensors" }, "gone.safetensors"],
    ["augmentation", { augment: "crop-flip" }, "`augment: crop-flip` is for images"],
    ["patience", { patience: 3 }, "`patience: 3` watches the validation accuracy"],
  ])("refuses a later run that would be stopped at its beginning by its %s", async (_, recipe, message) => {
    await expect(estimateSeconds(runsOf({}, recipe))).rejects.toThrow(message);
  });
});
