import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { planRuns } from "../../../studies/index.js";
import { trainAll } from "./study-training.js";

/** A `train` that writes half a summary for seed 0, and a complete one for the others after the process of seed 0 has ended. */
const train = `
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
const folder = process.argv[process.argv.indexOf("--out") + 1];
const summary = JSON.stringify({ testAccuracy: 0.5, seconds: 3 });
const isFirst = folder.endsWith("seed-0");
const firstProcess = process.argv[1] + ".pid";
if (isFirst) writeFileSync(firstProcess, String(process.pid));
else while (!existsSync(firstProcess) || isRunning(readFileSync(firstProcess, "utf8"))) await nextTurn();
mkdirSync(folder, { recursive: true });
writeFileSync(folder + "/summary.json", isFirst ? summary.slice(0, 9) : summary);

function isRunning(pid) {
  try {
    return pid === "" || process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}
`;
const home = temporaryFolder()("home", { "main.mjs": train });
afterEach(() => vi.restoreAllMocks());

it("a run whose summary cannot be read has failed, and the others are trained to their ends", async () => {
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const runs = planRuns([{ name: "A", slug: "a", seeds: [0], recipe: { data: "d" } }], [0, 1, 2], join(home, "out"));
  const { signal } = new AbortController();
  const options = { main: join(home, "main.mjs"), threads: 1, jobs: 2, signal };
  expect(await trainAll(runs, [1, 1, 1], options)).toBe(1);
  const text = said.mock.calls.join("");
  expect(text).toMatch(/A, seed 0: failed: .*summary\.json cannot be read: .*delete it.* {2}\[1 of 3\]\n/);
  // The two others train at the same time: either may end first.
  const ended = [...text.matchAll(/A, seed (\d): 50\.0% on the test set, .* {2}\[(\d) of 3\]\n/g)];
  expect(ended.map(([, seed]) => seed).toSorted()).toEqual(["1", "2"]);
  expect(ended.map(([, , count]) => count)).toEqual(["2", "3"]);
  expect(runs.map(({ folder }) => existsSync(join(folder, "summary.json")))).toEqual([true, true, true]);
});
