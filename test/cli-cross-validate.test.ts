// `selfadapt cross-validate` and what `issues` makes of its file.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parseNpy } from "../src/data/index.js";
import { selfadaptEach, type Traced } from "./support/command.js";
import { embeddings } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();
let home: string;
let outcomes: readonly Traced[];

const commands = [
  "cross-validate emb --folds 3 --epochs 2 --width 4 --noise symmetric:0.4 --out probs.npy --labels-out labels.npy --json",
  "issues --pred-probs probs.npy --data emb --json",
  "cross-validate emb --folds 1 --out probs.npy",
  "cross-validate emb --out probs.csv",
  "cross-validate --out probs.npy",
];

beforeAll(() => {
  home = folder(
    "home",
    Object.fromEntries(Object.entries(embeddings(60)).map(([path, content]) => [`emb/${path}`, content])),
  );
  outcomes = selfadaptEach(
    commands.map((line) => line.split(" ")),
    { cwd: home },
  );
}, 120_000);

describe("cross-validate", () => {
  test("writes a row a sample, which issues ranks by", () => {
    const [found, ranked] = outcomes as [Traced, Traced];
    expect([found.status, ranked.status]).toEqual([0, 0]);
    const { samples, classes, folds, accuracy } = JSON.parse(found.stdout) as Record<string, unknown> & {
      classes: string[];
    };
    const { data, shape } = parseNpy(new Uint8Array(readFileSync(join(home, "probs.npy"))));
    expect([folds, shape]).toEqual([3, [samples, classes.length]]);
    expect(accuracy).toBeGreaterThan(0);
    for (let i = 0; i < shape[0]!; i++) {
      const row = (data as Float32Array).subarray(i * shape[1]!, (i + 1) * shape[1]!);
      expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
    }
    expect(JSON.parse(ranked.stdout)).toHaveLength(samples as number);
    const pairs = parseNpy(new Uint8Array(readFileSync(join(home, "labels.npy"))));
    expect(pairs.shape).toEqual([60, 2]);
    const [given, clean] = [0, 1].map((column) =>
      Array.from({ length: 60 }, (_, i) => Number(pairs.data[2 * i + column])),
    );
    expect(clean).toEqual(Array.from({ length: 60 }, (_, i) => i % 3));
    const changed = given!.filter((label, i) => label !== clean![i]).length;
    expect(changed).toBeGreaterThan(5);
    expect(changed).toBeLessThan(30);
    // The data's own labels are not those that the folds learned.
    expect(found.stderr).not.toContain("to rank the labels");
  });

  test("refuses what it cannot use, in one line", () => {
    const saying = [["--folds", '"1"', "2"], ["--out", "probs.csv", ".npy"], ["cross-validate needs data"]];
    outcomes.slice(2).forEach(({ status, stderr }, i) => {
      expect(status).toBe(2);
      for (const words of saying[i]!) expect(stderr).toContain(words);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    });
  });
});
