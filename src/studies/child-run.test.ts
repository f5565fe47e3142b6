import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { trainingChildren } from "./child-run.js";
import { planRuns } from "./planned-runs.js";

/** A `train` that writes the summary of its run, and any other command that fails. */
const trains = `
import { mkdirSync, writeFileSync } from "node:fs";
const [command, ...words] = process.argv.slice(2);
if (command !== "train") {
  console.error("error: " + [command, ...words].join(" "));
  process.exit(2);
}
const folder = words[words.indexOf("--out") + 1];
mkdirSync(folder, { recursive: true });
writeFileSync(folder + "/summary.json", "{}");
`;

const home = temporaryFolder()("home", {
  taken: "",
  "main.mjs": "console.error('error: no data'); process.exit(2);",
  "trains.mjs": trains,
});
const node = process.execPath;
afterEach(() => {
  process.execPath = node;
});

function outcomeIn(out: string, main = "main.mjs", after?: () => string[][]) {
  const [run] = planRuns([{ name: "A", slug: "a", seeds: [0], recipe: { data: "d" } }], [0], join(home, out));
  const { signal } = new AbortController();
  const children = trainingChildren({ main: join(home, main), threads: 1, signal, ...(after && { after }) });
  return children.train(run!).finally(children.release);
}

describe("a run in a child", () => {
  it("fails with the last line that the child said", async () => {
    expect(await outcomeIn("out")).toEqual({ kind: "failed", reason: "no data" });
  });

  it("is followed by the commands after it, whose failure is its own, and is not trained again", async () => {
    const after = () => [["attack", "it"]];
    expect(await outcomeIn("done", "trains.mjs", () => [])).toEqual({ kind: "finished" });
    expect(await outcomeIn("done", "main.mjs", () => [])).toEqual({ kind: "finished" });
    expect(await outcomeIn("done", "trains.mjs", after)).toEqual({
      kind: "failed",
      reason: "attack it --threads 1 --json",
    });
  });

  it("fails where its recipe cannot be written", async () => {
    expect(await outcomeIn("taken")).toMatchObject({ kind: "failed", reason: expect.stringContaining("taken") });
  });

  it("fails where no child can be begun", async () => {
    process.execPath = join(home, "gone");
    expect(await outcomeIn("out")).toMatchObject({ kind: "failed", reason: expect.stringContaining("ENOENT") });
  });
});
