// `selfadapt studio` as a process: its one line, its end, and what is on the disk when it is killed.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { readReview, reviewState } from "../src/review/index.js";
import { queuePage, saved } from "../src/studio/api.js";
import { train } from "../src/training/index.js";
import { main, selfadapt } from "./support/command.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { tinyRecipe } from "./support/tiny-run.js";
import { until } from "./support/until.js";

const folder = temporaryFolder();
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
});

/** Starts the studio and opens its address. */
async function startStudio(words: readonly string[]) {
  const child = spawn(process.execPath, [main, "studio", "--no-open", "--port", "0", "--threads", "1", ...words]);
  started.push(child);
  let out = "";
  child.stdout.on("data", (text) => {
    out += text;
  });
  await until(() => out.endsWith("\n"));
  const address = new URL(out.trim());
  const opened = await fetch(address);
  const cookie = String(opened.headers.get("set-cookie")).split(";", 1)[0] as string;
  const ask = (path: string, body?: object) =>
    fetch(new URL(path, address), {
      headers: { cookie, ...(body && { "content-type": "application/json" }) },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
  return { child, out, address, opened, ask };
}

describe("studio", () => {
  test("prints one line with the address, serves the page there, and ends with 130 on Ctrl-C", async () => {
    const { child, out, opened } = await startStudio([folder("runs")]);
    expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}\n$/);
    expect(opened.status).toBe(200);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
  });

  test("opens with the run that it is given", async () => {
    const runs = folder("given", { "a b/recipe.yaml": "data: x\n" });
    const { address, ask } = await startStudio([join(runs, "a b")]);
    expect(address.hash).toBe("#/run/a%20b/watch");
    expect(((await (await ask("/api/runs")).json()) as { runs: object[] }).runs).toHaveLength(1);
  });

  test.each([
    [["nowhere"], "error: there is no folder nowhere; expected a folder of runs, or a run as train makes it\n"],
    [["--port", "x"], 'error: --port: received "x"; expected a whole number from 0 to 65535\n'],
    [
      ["--host", "203.0.113.9"],
      "error: cannot listen on 203.0.113.9:8321: the host is not an address of this machine; choose another --host\n",
    ],
  ])("refuses %j in one line", (words, stderr) => {
    const cwd = folder("refused");
    mkdirSync(join(cwd, "runs"), { recursive: true });
    expect(selfadapt(["studio", ...words], { cwd })).toEqual({ status: 2, stdout: "", stderr });
  });
});

test("killed between any two actions, the studio has lost nothing that it answered as saved", async () => {
  const root = folder("killed");
  const run = join(root, "shapes");
  await train(
    { ...tinyRecipe, epochs: 1, startEpoch: 0, data: "shapes:train=40,test=20,size=16,seed=3" },
    { out: run },
  );
  const at = (path: string) => `/api/runs/shapes/${path}`;
  const decided = new Map<number, string>();
  for (let round = 0; round < 2; round++) {
    const { child, ask } = await startStudio([root]);
    await until(async () => (await ask(at("overview"))).status === 200);
    const { items } = queuePage.parse(await (await ask(at("queue?limit=4"))).json());
    for (const [i, { sample }] of items.entries()) {
      const verdict = i % 2 === 0 ? "right" : "none";
      const answer = await ask(at("verdicts"), {
        part: "train",
        samples: [sample],
        verdict,
        seconds: 1,
        queue: "suspects",
      });
      expect(saved.parse(await answer.json()).decisions[sample]!.verdict).toBe(verdict);
      decided.set(sample, verdict);
    }
    // Another action is under way as the process is killed.
    void ask(at("undo"), { reviewer: "nobody" }).catch(() => {});
    child.kill("SIGKILL");
    await once(child, "exit");
    const kept = reviewState(readReview(run).actions).decisions("train", "me");
    expect(new Map([...kept].map(([sample, { verdict }]) => [sample, verdict]))).toEqual(decided);
  }
  expect(decided.size).toBe(8);
}, 120_000);
