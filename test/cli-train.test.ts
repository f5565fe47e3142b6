// The command on data as users have it: what it says, what it writes, and that --json is one object on stdout.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { selfadapt, selfadaptEach, type Traced } from "./support/command.js";
import { embeddings, photos } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();
const quick = ["--width", "4", "--epochs", "1", "--batch-size", "4"];

/** Runs the commands once, in order, before the tests of a block look at what they said. */
function outcomesOf(cwd: () => string, commands: readonly (readonly string[])[]): (i: number) => Traced {
  let outcomes: Traced[] = [];
  beforeAll(() => {
    outcomes = selfadaptEach(commands, { cwd: cwd() });
  }, 60_000);
  return (i) => outcomes[i] as Traced;
}

const json = ({ stdout }: Traced) => JSON.parse(stdout) as Record<string, unknown>;

describe("a folder of pictures", () => {
  let home: string;
  beforeAll(async () => {
    const mixed = await photos(["cat", "dog", "owl"], { side: (i) => 16 + 3 * i });
    const flat = Object.entries(await photos(["owl", "cat"])).map(([path, content]) => [
      `flat/${path.replace("/", ".")}`,
      content,
    ]);
    const own = Object.entries(mixed).map(([path, content]) => [`photos/${path}`, content]);
    const cats = Object.entries(await photos(["cat"])).map(([path, content]) => [`cats/${path}`, content]);
    home = folder("pictures", { ...Object.fromEntries([...own, ...flat, ...cats]), "photos/owl/zero.png": "" });
  });
  const [train, , dry, again, subset, own, single, stock] = [0, 1, 2, 3, 4, 5, 6, 7];
  const outcome = outcomesOf(
    () => home,
    [
      ["train", "photos", ...quick],
      ["train", "photos", ...quick, "--objective", "ce", "--val-fraction", "0.25", "--patience", "1", "--json"],
      ["train", "photos", ...quick, "--dry-run"],
      ["train", "photos", ...quick],
      ["evaluate", "runs/photos-sat-1", "--data", "flat", "--json"],
      ["evaluate", "runs/photos-sat-1"],
      ["evaluate", "runs/photos-sat-1", "--data", "cats", "--json"],
      ["evaluate", "runs/photos-sat-1", "--kernels", "stock", "--precision", "fp32", "--json"],
    ],
  );

  test("is trained on with a line for what was resized and one for what was skipped", () => {
    const { status, stderr, stdout } = outcome(train);
    expect(status).toBe(0);
    expect(stderr.match(/resized/g)).toHaveLength(1);
    expect(stderr).toMatch(/1 of 13 images cannot be decoded and were skipped: owl\/zero\.png/);
    expect(stderr).toMatch(/12 training samples of 3 x \d+ x \d+, 3 classes \(cat, dog, owl\)/);
    expect(stderr).toMatch(/resnet18, width 4, in (bf16|fp32) by (amx|winograd|stock) kernels\n/);
    expect(stderr).toMatch(/epoch {3}0 {2}loss \d/);
    expect(stdout).toMatch(/training accuracy +[\d.]+%/);
    expect(stdout).toContain(join("runs/photos-sat-1", "report.html"));
  });

  test("gets a run folder named after it, the next one numbered on", () => {
    expect(readdirSync(join(home, "runs")).sort()).toEqual(["photos-ce-1", "photos-sat-1", "photos-sat-2"]);
    const files = readdirSync(join(home, "runs", "photos-sat-1")).sort();
    expect(files).toEqual([
      "checkpoint",
      "data-files.csv.gz",
      "metrics.jsonl",
      "notes.jsonl",
      "recipe.yaml",
      "record",
      "report.html",
      "steps.jsonl",
      "summary.json",
      "targets.npy",
    ]);
    expect(outcome(again).status).toBe(0);
  });

  test("draws no bar where stderr is no terminal", () => {
    expect(outcome(train).stderr).not.toMatch(/[█░]/);
  });

  test("is described by a dry run, which writes nothing", () => {
    const { status, stdout, changed } = outcome(dry);
    expect({ status, changed }).toEqual({ status: 0, changed: [] });
    for (const words of [
      "12 training samples",
      "no test set",
      "expected time",
      " kernels, ",
      "conv1",
      "parameters",
      "MFLOP",
    ]) {
      expect(stdout).toContain(words);
    }
  });

  test("can be evaluated on images of some of its classes in another format, matched by name", () => {
    expect(outcome(subset).status).toBe(0);
    expect(json(outcome(subset))).toMatchObject({ samples: 8, part: "all" });
  });

  test("can be evaluated on images of a single class", () => {
    expect(json(outcome(single))).toMatchObject({ samples: 4, part: "all" });
  });

  test("can be evaluated with other kernels than it was trained with", () => {
    expect(outcome(stock).status).toBe(0);
    expect(json(outcome(stock))).toMatchObject({ samples: 12 });
  });

  test("says so when the evaluated samples are the training samples", () => {
    expect(outcome(own).stderr).toContain("the run was trained on these samples");
    expect(outcome(own).stdout).toMatch(/samples +12\n/);
  });
});

describe("arrays, results as JSON", () => {
  const home = folder("arrays", {
    "emb/readme.txt": "",
    ...Object.fromEntries(
      Object.entries({ ...embeddings(60), ...embeddings(30, "test") }).map(([k, v]) => [`emb/${k}`, v]),
    ),
    "only/values.npy": embeddings()["x_train.npy"] as Uint8Array,
    "labels.csv": `label\n${Array.from({ length: 30 }, (_, i) => ["ant", "bee", "cow"][i % 3]).join("\n")}\n`,
    "recipe.yaml": "data: emb\nwidth: 8\nepochs: 3\nobjective: ce\nvalFraction: 0.2\n",
  });
  const [train, finished, copied, best, dry, doctor, apart] = [0, 1, 2, 3, 4, 5, 6];
  const outcome = outcomesOf(
    () => home,
    [
      ["train", "recipe.yaml", "--set", "lr=0.05", "--noise", "symmetric:0.2", "--out", "first", "--json"],
      ["train", "--resume", "--out", "first", "--json"],
      ["train", "first/recipe.yaml", "--weights", "first", "--epochs", "1", "--out", "second", "--json"],
      ["evaluate", "first", "--checkpoint", "best", "--json"],
      ["train", "emb", "--dry-run", "--kernels", "stock", "--json"],
      ["doctor", "--json"],
      [
        "train",
        "only/values.npy",
        "--labels",
        "labels.csv",
        "--epochs",
        "1",
        "--width",
        "8",
        "--out",
        "third",
        "--json",
      ],
    ],
  );

  test("an array without labels takes those of a file", () => {
    expect(json(outcome(apart))).toMatchObject({ trainSize: 30, classes: 3 });
  });

  test("a recipe file, a flag and a setting make one run, written down resolved", () => {
    expect(outcome(train).status).toBe(0);
    const summary = json(outcome(train));
    expect(summary).toMatchObject({
      objective: "ce",
      model: "mlp",
      epochs: 3,
      trainSize: 48,
      classes: 3,
      run: "first",
    });
    const known = ["testAccuracy", "testAccuracyAtBest", "testLoss", "seconds", "imagesPerSecond", "labelNoise"];
    for (const name of [...known, "noisyTrainAccuracy", "cleanTrainAccuracy"]) {
      expect(summary[name], name).toEqual(expect.any(Number));
    }
    const { resolved, ...recipe } = parse(readFileSync(join(home, "first/recipe.yaml"), "utf8"));
    expect(recipe).toMatchObject({ data: join(home, "emb"), width: 8, lr: 0.05, noise: "symmetric:0.2", seed: 0 });
    expect(resolved.classes).toEqual(["0", "1", "2"]);
    expect(existsSync(join(home, "first/noisy_idx_labels.npy"))).toBe(true);
  });

  test("a finished run that is resumed says that it is finished and gives the same figures", () => {
    expect(outcome(finished).status).toBe(0);
    expect(outcome(finished).stderr).toContain("first is finished already");
    expect(json(outcome(finished))).toEqual(json(outcome(train)));
  });

  test("a run's own recipe is a recipe, and a run folder holds weights to start from", () => {
    expect(outcome(copied).status).toBe(0);
    expect(json(outcome(copied))).toMatchObject({ epochs: 1, objective: "ce", run: "second" });
  });

  test("an evaluation has every figure of the contract, and agrees with the run", () => {
    const figures = json(outcome(best));
    for (const name of ["testAccuracy", "testLoss", "aurc", "ece"])
      expect(figures[name], name).toEqual(expect.any(Number));
    expect(figures).toMatchObject({ samples: 30, part: "test", testAccuracy: json(outcome(train)).testAccuracyAtBest });
    const coverage = figures.errorAtCoverage as Record<string, number>;
    expect(coverage["100"]).toBeCloseTo(1 - (figures.testAccuracy as number), 12);
  });

  test("a dry run gives the plan", () => {
    expect(json(outcome(dry))).toMatchObject({
      data: { format: "arrays", train: 60, test: 30, shape: [4] },
      expectedSeconds: expect.any(Number),
      kernels: "stock",
      model: { parameters: expect.any(Number), layers: expect.any(Array) },
    });
    expect(outcome(dry).changed).toEqual([]);
  });

  test("doctor has every field of the contract", () => {
    expect(json(outcome(doctor))).toMatchObject({
      libtorch: { version: expect.stringMatching(/^\d+\.\d+/), path: expect.any(String) },
      device: expect.stringMatching(/^(cpu|cuda)/),
      threads: expect.any(Number),
      cpu: expect.anything(),
      kernels: expect.stringMatching(/^(amx|winograd) \(.*\); stock .+|^stock \w+: ./),
      precision: expect.any(String),
    });
  });
});

describe("help", () => {
  const outcome = outcomesOf(
    () => folder("help"),
    [["--help"], ["help", "train"], ["evaluate", "--help"], ["--version"]],
  );

  test("lists the commands, and each shows examples", () => {
    for (const name of ["demo", "train", "evaluate", "doctor"]) expect(outcome(0).stdout).toContain(`  ${name} `);
    expect(outcome(1).stdout).toMatch(/Usage: selfadapt train [\s\S]*--batch-size <n>[\s\S]*Examples:\n/);
    expect(outcome(2).stdout).toMatch(/Usage: selfadapt evaluate [\s\S]*Examples:\n/);
    for (const i of [0, 1, 2, 3]) expect(outcome(i)).toMatchObject({ status: 0, stderr: "" });
  });

  test("the version is the package's", () => {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    expect(selfadapt(["--version"])).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });
});
