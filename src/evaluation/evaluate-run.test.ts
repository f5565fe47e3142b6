import { cpSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { photos } from "../../test/support/small-data.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { tinyRecipe } from "../../test/support/tiny-run.js";
import { train } from "../training/train.js";
import { evaluateRun } from "./evaluate-run.js";

const folder = temporaryFolder();
const run = join(folder("runs"), "apart");
let data: string;
let summary: Awaited<ReturnType<typeof train>>["summary"];
beforeAll(async () => {
  data = folder("pictures", await photos(["cat", "dog"], { each: 20 }));
  const recipe = { ...tinyRecipe, noise: "none", model: "mlp", width: 1, testFraction: 0.25, epochs: 1 };
  summary = (await train({ ...recipe, data }, { out: run })).summary;
});

describe("a run with a test part set apart", () => {
  it("is evaluated on that part, from its own data and from a copy elsewhere", async () => {
    const copy = folder("copy");
    cpSync(data, copy, { recursive: true });
    for (const from of [undefined, data, copy]) {
      const found = await evaluateRun(run, { data: from });
      expect(found).toMatchObject({ part: "test", samples: 10, testAccuracy: summary?.testAccuracy });
      expect(found.testLoss).toBeCloseTo(summary?.testLoss as number, 6);
      expect(found.notes).toEqual([]);
    }
  });

  it("is evaluated on all of other data", async () => {
    const other = folder("other", await photos(["cat", "dog"], { each: 3 }));
    expect(await evaluateRun(run, { data: other })).toMatchObject({ part: "all", samples: 6 });
  });
});
