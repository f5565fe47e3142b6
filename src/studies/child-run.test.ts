import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { trainingChildren } from "./child-run.js";
import { planRuns } from "./planned-runs.js";

const home = temporaryFolder()("home", { taken: "", "main.mjs": "console.error('error: no data'); process.exit(2);" });
const node = process.execPath;
afterEach(() => {
  process.execPath = node;
});

function outcomeIn(out: string) {
  const [run] = planRuns([{ name: "A", slug: "a", seeds: [0], recipe: { data: "d" } }], [0], join(home, out));
  const { signal } = new AbortController();
  const children = trainingChildren({ main: join(home, "main.mjs"), threads: 1, signal });
  return children.train(run!).finally(children.release);
}

describe("a run in a child", () => {
  it("fails with the last line that the child said", async () => {
    expect(await outcomeIn("out")).toEqual({ kind: "failed", reason: "no data" });
  });

  it("fails where its recipe cannot be written", async () => {
    expect(await outcomeIn("taken")).toMatchObject({ kind: "failed", reason: expect.stringContaining("taken") });
  });

  it("fails where no child can be begun", async () => {
    process.execPath = join(home, "gone");
    expect(await outcomeIn("out")).toMatchObject({ kind: "failed", reason: expect.stringContaining("ENOENT") });
  });
});
