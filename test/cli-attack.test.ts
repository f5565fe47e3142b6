// `selfadapt attack` on data as users have it: what it says, writes, and goes on with after a stop.
import { execSync, spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readNpy } from "../src/data/tables/npy.js";
import type { AttackResult } from "../src/evaluation/index.js";
import { main, selfadaptEach, type Traced } from "./support/command.js";
import { photos } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();
// Under `npx vitest` the command would take itself to be called by npx too.
const env = { ...process.env, OMP_NUM_THREADS: "1", npm_command: "" };
let home = "";
let outcomes: readonly Traced[] = [];

const commands = [
  "train photos --model mlp --width 1 --augment none --epochs 4 --batch-size 6 --precision fp32 --keep-from 2 --out run",
  "attack run --data photos --epsilon 8/255 --steps 5 --restarts 2 --limit 9 --save-images --json",
  "attack run --epsilon 0.5 --attack fgsm",
  "attack run --attack square --steps 20 --norm 2 --epsilon 3 --json",
  "attack run --attack autoattack --epsilon 0.5 --json",
  "attack run --epsilons 0,8/255,0.5 --steps 3 --json",
  "attack run --checkpoints 2-9 --steps 3 --epsilon 0.5",
  "report run --json",
].map((words) => words.split(" "));

const outcome = (i: number) => outcomes[i] as Traced;
const parsed = <T = AttackResult>(i: number) => JSON.parse(outcome(i).stdout) as T;

beforeAll(async () => {
  const files = await photos(["cat", "dog", "owl", "yak"], { each: 3 });
  home = folder("home", Object.fromEntries(Object.entries(files).map(([path, file]) => [`photos/${path}`, file])));
  outcomes = selfadaptEach(commands, { cwd: home });
}, 120_000);

test("every command ends well", () => {
  expect(outcomes.map(({ status, stderr }) => (status === 0 ? 0 : stderr))).toEqual(commands.map(() => 0));
});

describe("an attack", () => {
  test("has its figures in JSON, the radius as a number", () => {
    const result = parsed(1);
    const { naturalAccuracy, robustAccuracy, attacks } = result;
    expect(result).toMatchObject({ samples: 9, epsilon: 8 / 255, norm: "inf", steps: 5, restarts: 2, limit: 9 });
    expect(attacks).toEqual([
      {
        name: "pgd",
        robustAccuracy,
        tried: Math.round(9 * naturalAccuracy),
        fooled: expect.any(Number),
        seconds: expect.any(Number),
      },
    ]);
    expect(outcome(1).stderr).toContain("epsilon 0.0313725 (8/255) in the infinity norm");
  });

  test("writes its images where it is asked to", async () => {
    const { naturalAccuracy, robustAccuracy, ...rest } = parsed<AttackResult & { folder: string }>(1);
    const { shape } = await readNpy(join(home, rest.folder, "adversarial.npy"));
    expect(shape).toEqual([Math.round(9 * (naturalAccuracy - robustAccuracy)), 3, 16, 16]);
  });

  test("says to a reader what it came to", () => {
    expect(outcome(2).stdout).toMatch(/^natural accuracy +\d+\.\d\d% \(\d+\.\d\d% to \d+\.\d\d%\)$/m);
    expect(outcome(2).stdout).toMatch(/^epsilon +0\.5 \(127\.5\/255\) in the infinity norm$/m);
  });

  test("of the 2 norm is told apart from one of the infinity norm", () => {
    expect(parsed(3)).toMatchObject({ norm: "2", epsilon: 3, attacks: [{ name: "square" }] });
  });

  test("by AutoAttack runs each attack on the samples still classified correctly", () => {
    const { attacks, samples } = parsed(4);
    expect(attacks.map(({ name }) => name)).toEqual(["apgd-ce", "apgd-t", "fab-t", "square"]);
    attacks.slice(1).forEach(({ tried }, i) => {
      expect(tried).toBe(Math.round(samples * (attacks[i]?.robustAccuracy ?? 0)));
    });
  });
});

describe("a series of attacks", () => {
  test("over radii has a result for each, none better than without an attack", () => {
    const results = parsed<AttackResult[]>(5);
    expect(results.map(({ epsilon }) => epsilon)).toEqual([0, 8 / 255, 0.5]);
    expect(results[0]?.robustAccuracy).toBe(results[0]?.naturalAccuracy);
  });

  test("over the epochs kept has a line and a row for each", () => {
    expect(outcome(6).stdout).toMatch(/^epoch +natural +robust .*\n +2 .*\n +3 .*\n$/m);
    const [place] = readdirSync(join(home, "run", "attacks")).filter((name) => name.startsWith("pgd-by-epoch"));
    const rows = readFileSync(join(home, "run", "attacks", place ?? "", "series.csv"), "utf8").split("\n");
    expect(rows.slice(1, 3).map((row) => row.split(",")[0])).toEqual(["2", "3"]);
  });

  test("is drawn by the report, with pictures of what attacks did", () => {
    const page = readFileSync(join(home, "run", "report.html"), "utf8");
    for (const part of [
      "Adversarial robustness",
      "Robust accuracy by radius",
      "Robust accuracy by epoch",
      "AutoAttack",
      'class="triple"',
    ]) {
      expect(page).toContain(part);
    }
  });
});

describe("an attack that is stopped", () => {
  const words = ["attack", "run", "--steps", "60", "--epsilon", "0.02", "--batch-size", "1"];

  /** Attacks until the natural accuracy is known, then stops it. */
  function stop(cwd: string): Promise<{ status: number | null; stderr: string }> {
    const child = spawn(process.execPath, [main, ...words], { cwd, env });
    let stderr = "";
    child.stderr.on("data", (text) => {
      if (!stderr.includes("natural accuracy") && `${stderr}${text}`.includes("natural accuracy")) child.kill("SIGINT");
      stderr += text;
    });
    return new Promise((resolve) => child.on("close", (status) => resolve({ status, stderr })));
  }

  test("saves, exits with 130, and ends as if it had not been", async () => {
    const [stopped, whole] = ["stopped", "whole"].map((name) => {
      const cwd = folder(name);
      for (const part of ["photos", "run"]) cpSync(join(home, part), join(cwd, part), { recursive: true });
      return cwd;
    }) as [string, string];
    const { status, stderr } = await stop(stopped);
    expect(status).toBe(130);
    const [, command] = /stopped and saved; to resume: (.+)\n$/.exec(stderr) ?? [];
    execSync(command as string, { cwd: stopped, env, stdio: "pipe" });
    selfadaptEach([words], { cwd: whole });
    expect(resultsOf(stopped)).toEqual(resultsOf(whole));
  });

  /** The results of the stopped attack; their data lies elsewhere, their times are their own. */
  function resultsOf(cwd: string) {
    const attacks = join(cwd, "run", "attacks");
    const texts = readdirSync(attacks)
      .filter((name) => name.startsWith("pgd-") && !name.includes("-by-"))
      .map((name) => JSON.parse(readFileSync(join(attacks, name, "results.json"), "utf8")) as AttackResult);
    const [result] = texts.filter(({ steps }) => steps === 60);
    const { seconds, data, attacks: tried, ...rest } = result as AttackResult;
    return { ...rest, tried: tried.map(({ seconds: own, ...figures }) => figures) };
  }
});
