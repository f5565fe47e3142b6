// A study from its file to its table: stopped, gone on with, and refused where its folder holds something else.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { roughDuration } from "../src/format.js";
import { main, type Outcome, selfadapt, selfadaptEach } from "./support/command.js";
import { embeddings } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const study = `
title: Two methods
shows: Which of them is better.
profiles:
  cpu:
    set: { model: mlp, width: 4, epochs: 40, batchSize: 4, noise: "symmetric:0.3", valFraction: 0.2 }
    rows:
      - name: Cross entropy
        set: { objective: ce }
        paper: { testAccuracy: 0.5, source: a guess }
      - { name: Self-adaptive, set: { objective: sat } }
`;
const files = Object.fromEntries(
  Object.entries({ ...embeddings(30), ...embeddings(30, "test") }).map(([name, content]) => [`emb/${name}`, content]),
);
const folder = temporaryFolder();
const home = (name: string) => folder(name, { ...files, "two.yaml": study });
const words = (...more: string[]) => ["reproduce", "two.yaml", "--data", "emb", "--out", "out", ...more];
const say = (cwd: string, ...more: string[]) => selfadapt(words(...more), { cwd });
const runs = ["cross-entropy", "self-adaptive"].map((row) => join("out", row, "seed-0"));

/** Starts the study one run at a time, and interrupts it in the first run. */
function stopInFirstRun(cwd: string): Promise<Outcome> {
  const child = spawn(process.execPath, [main, ...words("--jobs", "1")], { cwd });
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const watch = setInterval(() => {
    if (existsSync(join(cwd, runs[0]!, "metrics.jsonl"))) {
      clearInterval(watch);
      child.kill("SIGINT");
    }
  }, 5);
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, stdout: "", stderr })));
}

const summary = (cwd: string, run: string) => readFileSync(join(cwd, run, "summary.json"), "utf8");

describe("a study of two rows", () => {
  test("is stopped by Ctrl-C, goes on by the same command, and then has nothing left to run", async () => {
    const cwd = home("stopped");
    const stopped = await stopInFirstRun(cwd);
    expect(stopped.status).toBe(130);
    expect(stopped.stderr).toContain("stopped and saved; run the same command to resume");
    expect(existsSync(join(cwd, runs[0]!, "checkpoint", "last", "state.json"))).toBe(true);
    expect(runs.map((run) => existsSync(join(cwd, run, "summary.json")))).toEqual([false, false]);

    const finished = say(cwd);
    expect(finished.status).toBe(0);
    expect(finished.stderr).toMatch(/^2 runs of about .* each, \d at a time: about .*\n/);
    expect(finished.stderr).toMatch(/Cross entropy, seed 0: [\d.]+% on the test set.* {2}\[\d of 2\]/);
    expect(finished.stdout).toMatch(/Cross entropy +50\.0% \[1\] +[\d.]+% +[\d.]+% +1\n/);
    for (const name of ["results.md", "results.csv", "runs.csv", "results.json", "results.svg"]) {
      expect(existsSync(join(cwd, "out", name)), name).toBe(true);
    }

    const before = runs.map((run) => summary(cwd, run));
    const again = say(cwd, "--json");
    expect(again.stderr).toBe("2 runs finished before; nothing left to run\n");
    expect(JSON.parse(again.stdout)).toMatchObject({ finished: 2, failed: 0, rows: [{ runs: [{ seed: 0 }] }, {}] });
    expect(runs.map((run) => summary(cwd, run))).toEqual(before);

    const other = say(cwd, "--set", "epochs=3");
    expect(other).toMatchObject({ status: 2, stdout: "" });
    expect(other.stderr).toBe(
      `error: ${runs[0]} holds a run with epochs 40; received epochs 3: choose another --out\n`,
    );
  });

  test("goes on without a run that fails, says why, ends with status 1, and does not go on with other data", () => {
    const cwd = home("failing");
    mkdirSync(join(cwd, runs[0]!), { recursive: true });
    writeFileSync(join(cwd, runs[0]!, "letter.txt"), "dear reader");
    const { status, stderr, stdout } = say(cwd, "--set", "epochs=1", "--set", "valFraction=null");
    expect(status).toBe(1);
    expect(stderr).toContain(`Cross entropy, seed 0: failed: ${runs[0]} is not empty and holds no run`);
    expect(stdout).toMatch(/Self-adaptive +[\d.]+% +– +1\n/);
    expect(stdout).toContain("1 of 2 runs finished. Changed in every recipe: epochs=1, valFraction=null.");

    for (const [name, content] of Object.entries(embeddings(33))) writeFileSync(join(cwd, "emb", name), content);
    const moved = say(cwd, "--set", "epochs=1", "--set", "valFraction=null");
    expect(moved.status).toBe(2);
    expect(moved.stderr).toMatch(`error: ${runs[0]} has other data than ${runs[1]}; expected one study on the same`);
  });

  test("is described by a dry run, which writes nothing", () => {
    const cwd = home("dry");
    const { status, stdout } = say(cwd, "--dry-run", "--json", "--only", "self-adaptive", "--seeds", "4,5");
    expect(status).toBe(0);
    const plan = JSON.parse(stdout);
    expect(plan).toMatchObject({ pending: 2, expectedSeconds: expect.any(Number), runs: [{ seed: 4 }, { seed: 5 }] });
    expect(existsSync(join(cwd, "out"))).toBe(false);
  });

  test("has the time that a dry run says in its answer too, though there are more jobs than runs", () => {
    const cwd = home("jobs");
    const { stderr, stdout } = say(cwd, "--dry-run", "--json", "--jobs", "8", "--set", "epochs=1000000");
    const { expectedSeconds } = JSON.parse(stdout);
    expect(stderr).toMatch(/, 2 at a time: about /);
    expect(stderr.trimEnd()).toMatch(new RegExp(`: about ${roughDuration(expectedSeconds)}$`));
  });
});

describe("a search", () => {
  const search = `
title: A rate
shows: Which one is better.
profiles:
  cpu:
    set: { model: mlp, width: 4, epochs: 4, batchSize: 4, objective: ce, valFraction: 0.3 }
    search:
      strategy: halving
      trials: 2
      eta: 2
      ranges:
        lr: { min: 0.01, max: 0.1, scale: log }
`;
  const cwd = folder("search", { ...files, "two.yaml": search });
  const metricsOf = (trial: number) =>
    readFileSync(join(cwd, "out", `trial-${trial}`, "seed-0", "metrics.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

  test("extends the better trial, by held-out accuracy, writes its recipe, and then has nothing left to run", () => {
    const first = say(cwd, "--json");
    expect(first.stderr).toMatch(/^2 trials to 2 epochs, then 1 trial to 4 epochs: about .* in all\n/);
    const { trials, best } = JSON.parse(first.stdout);
    const [winner, other] = trials.map(({ trial }: { trial: string }) => Number(trial.slice("trial ".length)));
    expect(trials).toMatchObject([{ epochs: 4 }, { epochs: 2 }]);
    expect(metricsOf(other)).toHaveLength(2);
    expect(metricsOf(winner)).toHaveLength(4);
    expect(metricsOf(winner)[1].validationAccuracy).toBeGreaterThanOrEqual(metricsOf(other)[1].validationAccuracy);
    expect(trials[0].heldOutAccuracy).toBe(metricsOf(winner)[3].validationAccuracy);
    expect(best).toEqual({ trial: `trial ${winner}`, recipe: join("out", "best.yaml") });
    const recipe = parse(readFileSync(join(cwd, "out", "best.yaml"), "utf8"));
    expect(recipe).toMatchObject({ epochs: 4, lr: trials[0].drawn.lr, valFraction: 0.3, data: join(cwd, "emb") });

    const again = say(cwd);
    expect(again.stderr).toMatch(/to 2 epochs: 2 runs finished before; .*\nto 4 epochs: 1 run finished before; /);
    expect(again.stdout).toMatch(/^trial +lr +epochs +held-out accuracy\ntrial \d +0\.\d+ +4 +[\d.]+%\n/);
    expect(again.stdout).toContain("to train it: selfadapt train out/best.yaml");
  });
});

describe("a study that cannot be run", () => {
  const cases: [string[], string][] = [
    [["reproduce", "two.yaml"], "Cross entropy: no data; expected --data DIR"],
    [words("--only", "mixup"), 'received "mixup"; expected cross-entropy, self-adaptive'],
    [words("--set", "epoch=3"), 'unknown recipe key "epoch"; did you mean "epochs"?'],
    [words("--set", "lr=fast"), 'Cross entropy: --lr: received "fast"'],
    [words("--seeds", "0,0"), '--seeds: received "0,0"'],
    [words("--jobs", "0"), '--jobs: received "0"; expected a whole number of at least 1'],
    [words("--profile", "paper"), '--profile: received "paper"; two has cpu'],
    [["reproduce", "label-nose", "--data", "emb"], 'did you mean "label-noise"?'],
  ];
  const cwd = home("refused");
  const outcomes = selfadaptEach(
    cases.map(([given]) => given),
    { cwd },
  );

  test.each(cases.map(([, message], i) => [message, i] as const))("is refused in one line: %s", (message, i) => {
    const { status, stdout, stderr, changed } = outcomes[i]!;
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect({ status, stdout, changed }).toEqual({ status: 2, stdout: "", changed: [] });
  });
});
