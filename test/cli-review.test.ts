// `selfadapt review` on runs of photos and of arrays: figures, corrected data that train reads, exports; all without the engine.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { readDataSet } from "../src/data/index.js";
import { selfadaptEach, type Traced } from "./support/command.js";
import { embeddings, photos } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();
const withoutEngine = fileURLToPath(new URL("support/without-engine.mjs", import.meta.url));

const commands = [
  "review pictures --json",
  "review pictures --stats --reviewer ann",
  "review pictures --apply --out-manifest out/clean.csv --out-pinned out/pinned.csv --json",
  "review pictures --apply --out-manifest out/ann.jsonl --reviewer ann",
  "review pictures --export csv out/all.csv",
  "review pictures --export label-studio out/tasks.json",
  "review pictures --export fiftyone out/labels.json",
  "review pictures --export metadata out/metadata.csv",
  "review pictures --export manifest out/manifest.csv",
  "review arrays --apply --out-manifest out/labels.csv",
  "review drawings --apply --out-manifest out/drawings.csv",
  "review fresh",
];

const refusals: readonly (readonly [words: string, saying: readonly string[]])[] = [
  ["review", ["run"]],
  ["review nowhere", ["nowhere", "is not a run folder"]],
  ["review pictures --apply", ["--apply", "--out-manifest", "--out-pinned"]],
  ["review pictures --apply --stats", ["--stats", "--apply", "cannot be combined"]],
  ["review pictures --out-manifest out/x.csv", ["--out-manifest out/x.csv", "--apply"]],
  ["review pictures out/x.csv", ["--export", "out/x.csv"]],
  ["review pictures --export csv", ["--export csv", "file"]],
  ["review pictures --export csv gone/x.csv", ["gone/x.csv", "folder that exists"]],
  ["review pictures --export csv out/x.json", ["out/x.json", ".csv"]],
  ["review pictures --export manifest out/x.json", ["out/x.json", ".csv or .jsonl"]],
  ["review pictures --export xml out/x.xml", ["--export", "xml", "label-studio"]],
  ["review pictures --reviewer anne", ['"anne"', 'did you mean "ann"']],
  ["review fresh --reviewer ann", ['"ann"', "no verdicts yet"]],
  ["review pictures --apply --out-manifest out/x.txt", ["x.txt", ".csv"]],
  ["review arrays --export fiftyone out/x.json", ["not in files"]],
  ["review damaged", ["review.jsonl, line 1", "verdict"]],
  ["review misplaced --apply --out-manifest out/x.csv", ["sample 999", "expected 0 to"]],
];

let home: string;
let outcomes: ReadonlyMap<string, Traced>;
const outcome = (words: string) => outcomes.get(words) as Traced;
const text = (file: string) => readFileSync(join(home, file), "utf8");

beforeAll(async () => {
  const named = async (part: string, each: number) =>
    Object.entries(await photos(["cat", "dog"], { each })).map(([path, image]) => [`photos/${part}/${path}`, image]);
  const arrays = Object.entries(embeddings(40)).map(([path, content]) => [`emb/${path}`, content]);
  const files = [...(await named("train", 6)), ...(await named("test", 2)), ...arrays];
  home = folder("home", { ...Object.fromEntries(files), "out/readme.txt": "" });
  const quick = "--width 4 --epochs 1 --batch-size 6 --objective ce";
  const trained = selfadaptEach(
    [
      `train photos ${quick} --noise symmetric:0.4 --seed 3 --out pictures`,
      `train emb ${quick} --noise symmetric:0.2 --out arrays`,
      `train shapes:train=60,test=20,size=16,seed=0 ${quick} --out drawings`,
      ...["fresh", "damaged", "misplaced"].map((run) => `train emb ${quick} --out ${run}`),
    ].map((words) => words.split(" ")),
    { cwd: home },
  );
  expect(trained.map(({ status }) => status)).toEqual(Array(6).fill(0));
  const record = (run: string, ...lines: object[]) => {
    for (const line of lines) appendFileSync(join(home, run, "review.jsonl"), `${JSON.stringify(line)}\n`);
  };
  const shown = { given: ["cat"], suggested: ["dog"], pWrong: [0.8] };
  record(
    "pictures",
    { samples: [0], verdict: "right", reviewer: "ann", seconds: 2 },
    { samples: [1], verdict: "none", reviewer: "ann", seconds: 3 },
    { samples: [2], verdict: "relabel", label: "dog", reviewer: "ann", shown },
    { samples: [2], verdict: "right", reviewer: "bob" },
    { id: "slip", samples: [3, 4, 5], verdict: "none", reviewer: "bob" },
    { kind: "undo", undo: "slip", reviewer: "bob" },
  );
  appendFileSync(join(home, "pictures", "review.jsonl"), '{"samples":[7],"ver');
  record("arrays", { samples: [0, 1], verdict: "none" }, { samples: [2], verdict: "right" });
  record("drawings", { samples: [0, 1], verdict: "none", part: "test" }, { samples: [2], verdict: "none" });
  record("damaged", { samples: [0], verdict: "maybe" });
  record("misplaced", { samples: [999], verdict: "right" });
  const all = [...commands, ...refusals.map(([words]) => words)];
  const env = { ...process.env, NODE_OPTIONS: `--import ${withoutEngine}` };
  const ran = selfadaptEach(
    all.map((words) => words.split(" ")),
    { cwd: home, env },
  );
  outcomes = new Map(all.map((words, i) => [words, ran[i]!]));
}, 60_000);

test.each(commands)("selfadapt %s succeeds", (words) => {
  expect(outcome(words)).toMatchObject({ status: 0 });
});

test.each(refusals)("selfadapt %s is refused in one line, and nothing is written", (words, saying) => {
  const { status, stderr, stdout, changed } = outcome(words);
  expect({ status, stdout, changed }).toEqual({ status: 2, stdout: "", changed: [] });
  expect(stderr.trimEnd()).not.toContain("\n");
  for (const part of saying) expect(stderr).toContain(part);
});

describe("the figures of a review", () => {
  test("are those of every reviewer, undone verdicts aside, a torn line noted", () => {
    const { stdout, stderr } = outcome("review pictures --json");
    expect(JSON.parse(stdout)).toMatchObject({
      part: "train",
      reviewers: [
        { reviewer: "ann", decided: 3, wrongFound: 2, kappa: { other: "bob", both: 1, kappa: 0 } },
        { reviewer: "bob", decided: 1, wrongFound: 0 },
      ],
    });
    expect(stderr).toMatch(/review\.jsonl: line 7 was cut off while it was written and is left out\n$/);
  });

  test("are printed for one reviewer, or say that there are none", () => {
    const { stdout } = outcome("review pictures --stats --reviewer ann");
    expect(stdout).toContain("decided       3 samples\nwrong labels  2 (66.7%)\n");
    expect(stdout).not.toContain("bob\npart");
    expect(outcome("review fresh").stdout).toBe("no verdicts yet\n");
  });
});

describe("reviewed data", () => {
  test("is what train reads: the run's noisy labels with the verdicts, without samples left out and with the test set", async () => {
    const { stdout } = outcome(
      "review pictures --apply --out-manifest out/clean.csv --out-pinned out/pinned.csv --json",
    );
    const counts = { samples: 16, relabeled: 0, leftOut: 1, confirmed: 1, disputed: 1 };
    expect(JSON.parse(stdout)).toEqual({ files: ["out/clean.csv", "out/pinned.csv"], ...counts });
    const { train, test, classes } = await readDataSet(join(home, "out", "clean.csv"));
    expect([train.labels.length, test?.labels.length]).toEqual([11, 4]);
    const wrong = Array.from(train.labels, (label, i) => !train.files![i]!.includes(`/${classes[label]}/`));
    expect(wrong.filter(Boolean).length).toBeGreaterThan(0);
    expect(text("out/pinned.csv")).toMatch(/^file,label\n\.\.\/photos\/train\/cat\/\S+,(cat|dog)\n$/);
    expect(text("out/manifest.csv")).toBe(text("out/clean.csv"));
  });

  test("by one reviewer has that one's verdict where another disagrees", () => {
    const { stdout } = outcome("review pictures --apply --out-manifest out/ann.jsonl --reviewer ann");
    expect(stdout).toBe("out/ann.jsonl: of 16 samples 1 relabeled, 1 left out, 1 confirmed\n");
    const rows = text("out/ann.jsonl")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.length).toBe(15);
    expect(rows[1]).toMatchObject({ label: "dog" });
  });

  test("of arrays is a list of labels, those left out without one", () => {
    const lines = text("out/labels.csv").split("\n");
    expect(lines.slice(0, 3)).toEqual(["index,label", "0,", "1,"]);
    expect(lines.length).toBe(42);
  });

  test("of a test part that is not in files stays as it is, and that is said", () => {
    const { stdout, stderr } = outcome("review drawings --apply --out-manifest out/drawings.csv");
    expect(stdout).toContain("0 relabeled, 1 left out, 0 confirmed\n");
    expect(stderr).toContain(
      "verdicts on 2 test samples are not applied: data that is not in files takes corrected training labels only\n",
    );
  });

  test("stays left out in the next round, by review and by issues", () => {
    const again = selfadaptEach(
      [
        "train emb --width 4 --epochs 1 --batch-size 6 --objective ce --labels out/labels.csv --out second",
        "review second --apply --out-manifest out/second.csv",
        "issues second --types label --drop --out-manifest out/third.csv",
      ].map((words) => words.split(" ")),
      { cwd: home },
    );
    expect(again.map(({ status, stderr }) => [status, stderr.includes("error")])).toEqual(Array(3).fill([0, false]));
    for (const file of ["out/second.csv", "out/third.csv"]) {
      expect(text(file).split("\n").slice(0, 3)).toEqual(["index,label", "0,", "1,"]);
    }
    expect(text("out/second.csv")).toBe(text("out/labels.csv"));
  });

  test("is exported for other programs", () => {
    expect(text("out/all.csv").split("\n")[2]).toMatch(/^1,train\/cat\/\S+,train,(cat|dog),,true,,,none,ann,$/);
    expect(JSON.parse(text("out/tasks.json"))).toHaveLength(16);
    expect(Object.keys(JSON.parse(text("out/labels.json")).labels)).toHaveLength(11);
    expect(text("out/metadata.csv")).toMatch(/^file_name,label,split\n\.\.\/photos\/train\/cat\//);
    expect(existsSync(join(home, "out", "x.csv"))).toBe(false);
  });
});
