// What several processes measure together is what one process measures.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { attackRun, evaluateRun, probeRun } from "../src/evaluation/index.js";
import { distributed } from "../src/torch/index.js";
import { train } from "../src/training/index.js";
import { main } from "./support/command.js";
import { run, runInRanks } from "./support/ranks.js";
import { photos } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();

/** Batches of other sizes are multiplied in another order on some CPUs: the same numbers, to float32's rounding. */
const toRounding = (figures: Record<string, number>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, expect.closeTo(value, 6)]));
const program = fileURLToPath(new URL("ranks/measure.mjs", import.meta.url));
const recipe = {
  data: "shapes:train=41,test=0,size=16,seed=0",
  model: "mlp",
  width: 4,
  epochs: 8,
  batchSize: 8,
  lr: 0.01,
  kernels: "stock",
  precision: "fp32",
} as const;

describe.skipIf(!distributed.hasGloo())("two processes", () => {
  test("evaluate, attack and probe as one does", async () => {
    const cwd = folder("measured");
    const out = join(cwd, "run");
    await train(recipe, { out });
    const evaluate = { data: recipe.data };
    const attack = { attack: "pgd", epsilon: 0.3, steps: 3, batchSize: 7, saveImages: true } as const;
    const probe = { data: recipe.data, methods: ["all"], k: 5, epochs: 2, batchSize: 9 } as const;
    const words = JSON.stringify({ run: out, evaluate, attack: { ...attack, out: join(cwd, "together") }, probe });
    const ends = await runInRanks(cwd, 2, () => [program, words]);
    expect(ends.map(({ status, stderr }) => [status, stderr])).toEqual([0, 1].map(() => [0, ""]));
    const [one, two] = ends.map(({ stdout }) => JSON.parse(stdout));

    const evaluated = await evaluateRun(out, evaluate);
    expect(one.evaluated.samples).toBe(41);
    expect(one.evaluated.testLoss).toBeCloseTo(evaluated.testLoss, 6);
    expect(one.evaluated.testAccuracy).toBe(evaluated.testAccuracy);

    const alone = await attackRun(out, { ...attack, out: join(cwd, "alone") });
    expect(alone.result?.attacks[0]?.fooled).toBeGreaterThan(7);
    expect(one.attacked.robustAccuracy).toBe(alone.result?.robustAccuracy);
    for (const name of ["samples.csv", "gallery.npy", "adversarial.npy", "indices.npy"]) {
      expect(readFileSync(join(one.folder, name)).equals(readFileSync(join(alone.folder, name))), name).toBe(true);
    }

    const probed = await probeRun(out, probe);
    const { health, ...figures } = JSON.parse(JSON.stringify(probed));
    for (const { probed: together } of [one, two]) {
      expect(together).toEqual({ ...figures, health: toRounding(health) });
    }
  });

  test("embed files in their order, without those that cannot be decoded", async () => {
    const pictures = await photos(["ant", "bee"], { each: 6 });
    const cwd = folder(
      "embedded",
      Object.fromEntries(Object.entries(pictures).map(([name, file]) => [`p/${name}`, file])),
    );
    await train({ ...recipe, data: join(cwd, "p"), imageSize: 16 }, { out: join(cwd, "run") });
    const more = folder("more", { ...pictures, "bee/2.png": "no picture" });
    const words = (out: string) => [main, "embed", "run", more, "--batch-size", "2", "--out", out];
    const [alone, together] = await Promise.all([
      run(words("one.npy"), cwd),
      run([...words("two.npy"), "--nproc", "2"], cwd),
    ]);
    expect([alone.status, together.status]).toEqual([0, 0]);
    expect(together.stderr).toBe(alone.stderr);
    for (const ending of ["npy", "jsonl"]) {
      const [one, two] = ["one", "two"].map((name) => readFileSync(join(cwd, `${name}.${ending}`)));
      expect(one?.equals(two as Buffer), ending).toBe(true);
    }
    const listed = await run([main, "embed", "run", "-", "--out", "three.npy", "--nproc", "2"], cwd);
    expect([listed.status, listed.stderr]).toEqual([
      2,
      "error: a list on standard input is for one process; received 2 processes\n",
    ]);
  });
});
