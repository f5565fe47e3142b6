// `selfadapt issues` on data as users have it: what it says, what it writes, and that train reads what it wrote.
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { parseNpy, readDataSet, readLabels, writeNpy } from "../src/data/index.js";
import { type ClassHealth, type Findings, issueKinds, type LabelIssue, rateText } from "../src/issues/index.js";
import { areaUnderRoc, averagePrecision } from "../src/metrics/index.js";
import { selfadaptEach, type Traced } from "./support/command.js";
import { checkNesting, headings } from "./support/page.js";
import { embeddings, photos } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();
const classes = ["cat", "dog", "owl"];

/** Ten cats, ten dogs, ten owls by their probabilities; the labels of the first of each are the next class. */
const given = Array.from({ length: 30 }, (_, i) => (i % 10 === 0 ? (i / 10 + 1) % 3 : Math.floor(i / 10)));
const probabilities = Float32Array.from(
  given.flatMap((_, i) => classes.map((_, j) => (j === Math.floor(i / 10) ? 0.8 - i / 1000 : 0.1 + i / 2000))),
);

/** The same thirty samples as points, those of a class close together. */
const features = Float32Array.from(
  given.flatMap((_, i) => classes.map((_, j) => (j === Math.floor(i / 10) ? 5 : 0) + Math.sin(7 * i + j) / 3)),
);

/** Forty classes, five labels each; of class j the first j % 4 look like the next class. */
const manyLabels = Array.from({ length: 200 }, (_, i) => Math.floor(i / 5));
const manyProbabilities = Float32Array.from(
  manyLabels.flatMap((label, i) => {
    const likely = i % 5 < label % 4 ? (label + 1) % 40 : label;
    return Array.from({ length: 40 }, (_, j) => (j === likely ? 0.61 : 0.01));
  }),
);

let home: string;
let outcomes: ReadonlyMap<string, Traced>;
const outcome = (words: string) => outcomes.get(words) as Traced;
const list = (words: string) => JSON.parse(outcome(words).stdout) as (LabelIssue & { part: string })[];
const text = (file: string) => readFileSync(join(home, file), "utf8");

const commands = [
  "train photos --width 4 --epochs 2 --batch-size 6 --lr 0.01 --val-fraction 0.2 --out pictures",
  "train emb --width 4 --epochs 4 --noise symmetric:0.2 --objective ce --out arrays",
  "issues pictures",
  "issues pictures --json",
  "issues pictures --json --top 3",
  "issues pictures --class dog --csv out/dogs.csv --jsonl out/dogs.jsonl --health out/health.json",
  "issues pictures --top 2 --drop 0 --out-manifest out/dropped.csv",
  "issues pictures --top 2 --relabel 0 --out-manifest out/relabeled.jsonl",
  "issues arrays --json",
  "issues arrays --top 3 --relabel 0 --out-manifest out/labels.csv",
  "issues arrays --top 3 --drop 0 --out-manifest out/left.csv",
  "train emb --width 4 --epochs 1 --labels out/labels.csv --out again",
  "train emb --width 4 --epochs 1 --labels out/left.csv --out fewer",
  "train out/dropped.csv --width 4 --epochs 1 --batch-size 6 --out dropped",
  "issues --pred-probs probs.npy --labels given.csv",
  "issues --pred-probs probs.npy --labels given.csv --json",
  "issues --pred-probs probs.npy --labels given.csv --relabel --out-manifest out/mended.csv",
  "issues --pred-probs many.npy --labels many.csv --health out/many.json",
  "issues --pred-probs probs.npy --labels given.csv --types image --top 1",
  "issues --pred-probs equal.npy --labels given.csv",
  "issues --features features.npy --labels given.csv --json",
  "issues --features features.npy --labels given.csv --types label,outlier --health out/features.json",
  "issues pictures --part test --json",
  "issues pictures --part validation --types none --json",
  "issues pictures --html out/issues.html",
  "issues pictures --class cat --top 1 --html out/cats.html",
  "issues pictures --drop label,duplicate --out-manifest out/clean.csv",
  "issues pictures --data moved --json",
  "issues pictures --data batch --json",
  "issues pictures --data batch --types none --top 1 --relabel 0 --out-manifest out/batch.csv",
];

/** Of copies of the run on arrays: one that has not visited four of its samples yet, one begun on data in memory. */
const ofCopies = ["issues stopped", "issues kept --data emb"];

const refusals: readonly (readonly [words: string, saying: readonly string[]])[] = [
  ["issues", ["run", "--pred-probs"]],
  ["issues nowhere", ["nowhere", "is not a run folder"]],
  ["issues recordless", ["recordless", "record"]],
  ["issues pictures --class dgo", ['"dgo"', "cat, dog, owl", 'did you mean "dog"']],
  ["issues arrays --part validation", ["no validation part", "train"]],
  ["issues pictures --types outliers", ['"outliers"', 'did you mean "outlier"?']],
  ["issues pictures --top 0", ["--top", '"0"']],
  ["issues pictures --drop --relabel --out-manifest out/x.csv", ["--drop", "--relabel", "cannot be combined"]],
  ["issues pictures --out-manifest out/x.csv", ["--drop", "--relabel"]],
  ["issues pictures --drop", ["--out-manifest"]],
  [
    "issues pictures --out-manifest out/x.csv --drop duplicates",
    ["--drop", '"duplicates"', 'did you mean "duplicate"?'],
  ],
  ["issues pictures --out-manifest out/x.csv --drop leakage --types outlier", ["--drop leakage", "--types", "outlier"]],
  ["issues pictures --out-manifest out/x.csv --drop --part test", ["--drop", "--part test", "train"]],
  ["issues pictures --out-manifest out/x.csv --drop 1.5", ["--drop", '"1.5"', "0 to 1"]],
  ["issues pictures --out-manifest out/x.txt --drop", ["x.txt", ".csv"]],
  ["issues pictures --csv gone/x.csv", ["--csv", "gone/x.csv"]],
  ["issues pictures --health gone/x.json", ["--health", "gone/x.json"]],
  ["issues pictures --health out/x.csv", ["--health", "x.csv", ".json"]],
  ["issues kept", ['"(in memory)"', "--data", "inspectRun(run, { dataSet })"]],
  ["issues pictures --labels given.csv", ["--labels", "--data"]],
  ["issues pictures --data foreign", ['"emu"', "one of the run's 3"]],
  ["issues pictures --data photos/train", ["36 of 36", "trained on", "--skip-missing"]],
  ["issues pictures --data batch --part test", ["batch has no test part"]],
  ["issues arrays --top 1 --relabel 0 --out-manifest out/x.jsonl", [".csv", "--labels"]],
  ["issues pictures --pred-probs probs.npy", ["probs.npy", "pictures", "cannot be combined"]],
  ["issues --features features.npy", ["--data", "--labels"]],
  ["issues --features features.npy --pred-probs probs.npy --labels given.csv", ["cannot be combined"]],
  ["issues --features features.npy --labels given.csv --classes cat,dog,owl", ["--classes", "--pred-probs"]],
  ["issues --features features.npy --labels given.csv --part test", ["--part is for runs", "--features"]],
  ["issues --features row.npy --labels given.csv", ["row.npy", "(30)", "(samples, size)"]],
  ["issues --features holes.npy --labels given.csv", ["holes.npy, row 4", "NaN", "finite"]],
  ["issues --features features.npy --labels short.csv", ["short.csv", "30"]],
  ["issues --pred-probs probs.npy", ["--data", "--labels"]],
  ["issues --pred-probs wrong.npy --labels given.csv", ["wrong.npy, row 1", "1.2", "expected 1"]],
  ["issues --pred-probs probs.npy --labels short.csv", ["short.csv", "30"]],
  ["issues --pred-probs probs.npy --data photos", ["probs.npy", "(30, 3)", "(36, 3)"]],
];

beforeAll(async () => {
  const pictures = await photos(classes, { each: 12 });
  const named = Object.entries(pictures).map(([path, content]) => [`photos/train/${path}`, content]);
  const tests = Object.entries(await photos(classes, { each: 2 })).map(([path, content]) => [
    `photos/test/${path}`,
    content,
  ]);
  const moved = [...named, ...tests].map(([path, content]) => [`${path}`.replace("photos", "moved"), content]);
  const arrays = Object.entries(embeddings(60)).map(([path, content]) => [`emb/${path}`, content]);
  const labeled = given.map((label) => classes[label]);
  home = folder("home", {
    ...Object.fromEntries([...named, ...tests, ...moved, ...arrays]),
    "batch/owl/new.png": await plainPicture("#20c050"),
    "batch/owl/copy.png": pictures["owl/0.png"] as Uint8Array,
    "batch/dog/other.png": await plainPicture("#8040a0"),
    "foreign/emu/0.png": await plainPicture("#20c050"),
    "out/readme.txt": "",
    "probs.npy": writeNpy(probabilities, [30, 3]),
    "equal.npy": writeNpy(new Float32Array(90).fill(1 / 3), [30, 3]),
    "features.npy": writeNpy(features, [30, 3]),
    "row.npy": writeNpy(new Float32Array(30), [30]),
    "holes.npy": writeNpy(
      Float32Array.from({ length: 60 }, (_, i) => (i === 9 ? Number.NaN : i)),
      [30, 2],
    ),
    "wrong.npy": writeNpy(Float32Array.of(0.5, 0.5, 0.6, 0.6), [2, 2]),
    "given.csv": `label\n${labeled.join("\n")}\n`,
    "many.npy": writeNpy(manyProbabilities, [200, 40]),
    "many.csv": `label\n${manyLabels.join("\n")}\n`,
    "short.csv": `label\n${labeled.slice(1).join("\n")}\n`,
  });
  const said = new Map<string, Traced>();
  const say = (lines: readonly string[]) => {
    const words = lines.map((line) => line.split(" "));
    selfadaptEach(words, { cwd: home }).forEach((one, i) => void said.set(lines[i]!, one));
  };
  say(commands);
  rmSync(join(copyOfArrays("recordless"), "record"), { recursive: true });
  forgetSamples(join(copyOfArrays("stopped"), "record"), 4);
  nameData(copyOfArrays("kept"), "(in memory)");
  say([...ofCopies, ...refusals.map(([words]) => words)]);
  outcomes = said;
}, 120_000);

async function plainPicture(background: string): Promise<Uint8Array> {
  const create = { width: 16, height: 16, channels: 3, background } as const;
  return new Uint8Array(await sharp({ create }).png().toBuffer());
}

function copyOfArrays(name: string): string {
  cpSync(join(home, "arrays"), join(home, name), { recursive: true });
  return join(home, name);
}

/** Leaves the first samples out of every epoch's record. */
function forgetSamples(record: string, samples: number): void {
  for (const file of readdirSync(record).map((name) => join(record, name))) {
    const { data, shape } = parseNpy(new Uint8Array(readFileSync(file)));
    writeFileSync(file, writeNpy((data as Float32Array).fill(Number.NaN, 0, samples * shape[1]!), shape));
  }
}

function nameData(run: string, data: string): void {
  const recipe = join(run, "recipe.yaml");
  writeFileSync(recipe, readFileSync(recipe, "utf8").replace(/^data: .*$/m, `data: ${data}`));
}

test("every command that is well used ends well", () => {
  for (const words of [...commands, ...ofCopies]) expect([words, outcome(words).status]).toEqual([words, 0]);
});

const header = [
  "index",
  "file",
  "given",
  "suggested",
  "score",
  "pWrong",
  "verdict",
  "probability",
  "disagreesFrom",
].concat(["areaUnderMargin", "agreement", "forgettingEvents", "part"]);
const rateKeys = ["name", "samples", "cleanLabels", "labelErrorRate", "low", "high", "testAccuracy"];
const numbers = ["number", "number", "number"];

interface Health extends Pick<Findings, "part" | "evaluated" | "noiseRate" | "noiseMatrix"> {
  readonly labelErrorRate: number;
  readonly classes: readonly ClassHealth[];
  readonly kinds: readonly { readonly name: string }[];
}
const health = (file: string) => JSON.parse(text(file)) as Health;

describe("the issues of a run", () => {
  test("are told by a headline, a table and the health of the data", () => {
    const { stdout, stderr } = outcome("issues pictures");
    expect(stdout).toMatch(
      /^(about [\d.]+% \([\d.]+ to [\d.]+%\)|at most [\d.]+%) of the 30 labels are wrong, by [\w -]+; the 10 most suspect:\n/,
    );
    expect(stdout).toMatch(/\nindex +file +given +suggested +score +P\(wrong\) +probability +verdict/);
    expect(stdout.match(/train\/\w+\/\d+\.png +(cat|dog|owl) +(cat|dog|owl) +[01]\.\d{3} +[01]\.\d{3} /g)).toHaveLength(
      10,
    );
    expect(stdout).toMatch(/\nwrong by class +(cat|dog|owl) [\d.]+%, (cat|dog|owl) [\d.]+%, (cat|dog|owl) [\d.]+%\n/);
    expect(stdout).toMatch(
      /\nduplicates +\d+ groups? of exact copies.*\. Keep one sample of each group; .*\.\n +worst: train\//,
    );
    expect(stdout).toMatch(/\nnothing found +.*class imbalance.*\n\nfull results: /);
    expect(stdout.split("\n").length).toBeLessThanOrEqual(32);
    expect(stderr).toContain("6 of 36 samples were not trained on and are not evaluated");
  });

  test("are a JSON array of all of them, or of the first", () => {
    const all = list("issues pictures --json");
    expect(all).toHaveLength(30);
    expect(Object.keys(all[0]!)).toEqual(expect.arrayContaining([...header, "outlier_score", "is_outlier_issue"]));
    expect(new Set(all.map(({ part }) => part))).toEqual(new Set(["train"]));
    for (const { verdict } of all) expect(verdict).toMatch(/^(mislabeled|ambiguous|outlier|hard)$/);
    for (const { areaUnderMargin, agreement, forgettingEvents } of all) {
      expect([areaUnderMargin, agreement, forgettingEvents].map((value) => typeof value)).toEqual(numbers);
    }
    expect(list("issues pictures --json --top 3")).toEqual(all.slice(0, 3));
  });

  test("are those of the test or validation part where it is named, by a network that never saw these labels", () => {
    const test = list("issues pictures --part test --json");
    expect(test.map(({ index }) => index).sort()).toEqual(["0", "1", "2", "3", "4", "5"].map(Number));
    expect(test[0]).toMatchObject({ part: "test", areaUnderMargin: null, file: expect.stringContaining("test/") });
    const heldOut = list("issues pictures --part validation --types none --json");
    expect(heldOut).toHaveLength(6);
    expect(Object.keys(heldOut[0]!)).toEqual(header);
    const trained = new Set(list("issues pictures --json").map(({ index }) => index));
    expect(heldOut.filter(({ index }) => trained.has(index))).toEqual([]);
  });

  test("are those of the same data in another place", () => {
    expect(list("issues pictures --data moved --json")).toEqual(list("issues pictures --json"));
    expect(outcome("issues pictures --data moved --json").stderr).toContain("moved: the data of the run\n");
  });

  test("are those of labeled data that it never saw, with its classes by name and copies in the run's data", () => {
    const found = list("issues pictures --data batch --json");
    const byFile = new Map(found.map((issue) => [issue.file, issue]));
    expect([...byFile.keys()].sort()).toEqual(["dog/other.png", "owl/copy.png", "owl/new.png"]);
    expect(byFile.get("owl/copy.png")).toMatchObject({ part: "data", given: "owl", is_leakage_issue: true });
    expect(byFile.get("dog/other.png")).toMatchObject({ given: "dog", is_leakage_issue: false });
    expect(outcome("issues pictures --data batch --json").stderr).toContain(
      "batch: not the data of the run, but 3 samples that it was not trained on\n",
    );
    expect(text("out/batch.csv").trimEnd().split("\n")).toHaveLength(4);
  });

  test("are written as CSV and JSONL, those of one class where one is named", () => {
    const dogs = list("issues pictures --json").filter((issue) => issue.given === "dog");
    expect(dogs).toHaveLength(10);
    const lines = text("out/dogs.jsonl").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as LabelIssue)).toEqual(dogs);
    const [names, first, ...others] = text("out/dogs.csv").trimEnd().split("\n");
    expect(names!.split(",").slice(0, header.length)).toEqual(header);
    expect(names!.split(",")).toEqual(expect.arrayContaining(["outlier_score", "is_outlier_issue"]));
    expect(first).toMatch(new RegExp(`^${dogs[0]!.index},${dogs[0]!.file},dog,${dogs[0]!.suggested},`));
    expect(first).toContain(`,${dogs[0]!.areaUnderMargin},${dogs[0]!.agreement},${dogs[0]!.forgettingEvents}`);
    expect(others).toHaveLength(9);
  });

  test("come with the health of the data as a file", () => {
    const {
      part,
      kinds,
      evaluated,
      labelErrorRate,
      noiseRate,
      classes: byClass,
      noiseMatrix,
      ...rest
    } = health("out/health.json");
    expect(rest).toEqual({});
    expect(part).toBe("train");
    expect(kinds.map(({ name }) => name)).toEqual(issueKinds.map(({ name }) => name));
    expect(evaluated).toBe(30);
    expect(labelErrorRate).toBe(noiseRate.estimate);
    expect(noiseRate.low).toBeLessThanOrEqual(noiseRate.estimate);
    expect(noiseRate.high).toBeGreaterThan(noiseRate.estimate);
    expect(outcome("issues pictures").stdout).toContain(`${rateText(noiseRate)} of the 30 labels`);
    expect(byClass.map(({ name, samples }) => [name, samples])).toEqual(classes.map((name) => [name, 10]));
    for (const one of byClass) expect(Object.keys(one)).toEqual(rateKeys);
    expect(noiseMatrix.map((row) => row.length)).toEqual([3, 3, 3]);
  });

  test("are shown on a page, and by the report of the run", () => {
    for (const page of [text("out/issues.html"), text("pictures/report.html")]) {
      checkNesting(page);
      expect(headings(page)).toEqual(expect.arrayContaining(["Likely label errors", "Other issues"]));
      expect(page).toContain("data:image/webp");
    }
    expect(outcome("issues pictures --html out/issues.html").stderr).toContain("pictures: out/issues.html");
    const rows = (page: string) => text(page).split("<li title=").length;
    expect(text("out/cats.html")).toContain("labels of the class cat");
    expect(rows("out/cats.html")).toBeLessThan(rows("out/issues.html"));
  });

  test("count as not evaluated also those samples that a stopped run had yet to train on", () => {
    const { stdout, stderr } = outcome("issues stopped");
    expect(stderr).toContain("4 of 60 samples were not trained on and are not evaluated");
    expect(stdout).toContain("of the 56 labels are wrong");
  });
});

describe("a corrected manifest", () => {
  const worst = () => list("issues pictures --json --top 3").slice(0, 2);

  test("of arrays leaves out samples dropped, by a label list that train reads", () => {
    const left = text("out/left.csv")
      .split("\n")
      .filter((line) => line.endsWith(","));
    expect(left).toHaveLength(3);
    expect(outcome("train emb --width 4 --epochs 1 --labels out/left.csv --out fewer").stderr).toContain(
      "left out: 3 samples without a label in ",
    );
    expect(JSON.parse(text("fewer/summary.json"))).toMatchObject({ trainSize: 57 });
  });

  test("leaves the samples out that are dropped, keeps the test set, and can be trained on", async () => {
    const { train, test: tested } = await readDataSet(join(home, "out", "dropped.csv"));
    expect(train.labels).toHaveLength(34);
    expect(tested?.labels).toHaveLength(6);
    for (const { file } of worst()) expect(train.files).not.toContain(join("..", "photos", file as string));
    expect(outcome(commands[6]!).stderr).toContain(
      "out/dropped.csv: 2 of 36 samples left out (P(wrong) 0.000 or more); about ",
    );
  });

  test("leaves copies out, too, where they are named, and says how many", async () => {
    const { stderr } = outcome("issues pictures --drop label,duplicate --out-manifest out/clean.csv");
    const counts =
      /out\/clean\.csv: (\d+) of 36 samples left out: (\d+) label, (\d+) duplicate \(P\(wrong\) 0\.500 or more\)/.exec(
        stderr,
      );
    const [dropped, labels, copies] = counts!.slice(1).map(Number) as [number, number, number];
    expect(dropped).toBe(labels + copies);
    expect(copies).toBeGreaterThan(0);
    const { train, test: tested } = await readDataSet(join(home, "out", "clean.csv"));
    expect([train.labels.length, tested?.labels.length]).toEqual([36 - dropped, 6]);
  });

  test("gives the samples their suggested labels that are relabeled, and the others theirs", async () => {
    const { train, classes: names } = await readDataSet(join(home, "out", "relabeled.jsonl"));
    expect(train.labels).toHaveLength(36);
    const suggested = new Map(worst().map((issue) => [join("..", "photos", issue.file as string), issue.suggested]));
    train.files!.forEach((file, i) => {
      const own = file.split("/").at(-2);
      expect(names[train.labels[i]!]).toBe(suggested.get(file) ?? own);
    });
    expect(suggested.size).toBe(2);
  });

  test("of arrays is a list of labels as --labels reads it", async () => {
    const before = readLabelsTrainedOn();
    const file = join(home, "out", "labels.csv");
    const { labels } = await readLabels(file, { labels: new Int32Array(60) }, ["0", "1", "2"]);
    const changed = [...labels.keys()].filter((i) => labels[i] !== before[i]);
    expect(changed).toHaveLength(3);
  });
});

/** The labels of the arrays, as the run was trained on them: with its noise. */
function readLabelsTrainedOn(): number[] {
  const labels = Array.from({ length: 60 }, (_, i) => i % 3);
  const { data } = parseNpy(new Uint8Array(readFileSync(join(home, "arrays", "noisy_idx_labels.npy"))));
  for (let i = 0; i < data.length; i += 2) labels[Number(data[i])] = Number(data[i + 1]);
  return labels;
}

describe("anybody's probabilities", () => {
  test("rank labels without a run", () => {
    const { stdout } = outcome("issues --pred-probs probs.npy --labels given.csv");
    expect(stdout).toMatch(
      /^about 10% \(\d+ to \d+%\) of the 30 labels are wrong, by confident joint; the 10 most suspect:\n\nindex +given /,
    );
    const issues = list("issues --pred-probs probs.npy --labels given.csv --json");
    expect(
      issues
        .slice(0, 3)
        .map(({ index }) => index)
        .sort((a, b) => a - b),
    ).toEqual([0, 10, 20]);
    expect(issues.find(({ index }) => index === 10)).toMatchObject({ given: "owl", suggested: "dog", file: null });
  });

  test("are told of the five worst classes, and written of all", () => {
    const { stdout } = outcome("issues --pred-probs many.npy --labels many.csv --health out/many.json");
    const [, shown] = /^wrong by class +(.*)$/m.exec(stdout)!;
    const { classes: all } = health("out/many.json");
    const ranked = all.toSorted((a, b) => b.labelErrorRate - a.labelErrorRate).map(({ name }) => name);
    expect(shown!.split(", ").map((text) => text.split(" ")[0])).toEqual(ranked.slice(0, 5));
    expect(all.map(({ labelErrorRate }) => labelErrorRate).slice(0, 4)).toEqual(
      [0, 0.2, 0.4, 0.6].map((v) => expect.closeTo(v)),
    );
  });

  test("rank labels alone, which is logged where other kinds are requested", () => {
    const note = /^--types image: only labels are ranked by --pred-probs;/m;
    expect(outcome("issues --pred-probs probs.npy --labels given.csv --types image --top 1").stderr).toMatch(note);
    expect(outcome("issues --pred-probs probs.npy --labels given.csv").stderr).not.toContain("--types");
  });

  test("that are the same for all samples have no figures of wrong labels", () => {
    const { stdout } = outcome("issues --pred-probs equal.npy --labels given.csv");
    expect(stdout).toMatch(/^an unknown fraction \(0 to \d+%\) of the 30 labels are wrong: the predictions are hardly/);
    expect(stdout).not.toContain("wrong by class");
  });

  test("have nothing to say of a course of training", () => {
    for (const issue of list("issues --pred-probs probs.npy --labels given.csv --json")) {
      expect(issue).toMatchObject({ areaUnderMargin: null, agreement: null, forgettingEvents: null });
    }
  });

  test("mend as many labels as they estimate to be wrong", () => {
    const mended = given.map((_, i) => `${i},${classes[Math.floor(i / 10)]}`);
    expect(text("out/mended.csv")).toBe(`index,label\n${mended.join("\n")}\n`);
  });
});

describe("the issues by features", () => {
  test("are the labels that the neighbors do not have, without any training", () => {
    const issues = list("issues --features features.npy --labels given.csv --json");
    expect(issues).toHaveLength(30);
    expect(
      issues
        .slice(0, 3)
        .map(({ index }) => index)
        .sort((a, b) => a - b),
    ).toEqual([0, 10, 20]);
    expect(issues.find(({ index }) => index === 10)).toMatchObject({ given: "owl", suggested: "dog", part: "data" });
    expect(Object.keys(issues[0]!)).toContain("outlier_score");
    const { kinds } = health("out/features.json");
    expect(kinds.map(({ name }) => name)).toEqual(["outlier"]);
  });
});

test("the ranking is measured against labels known to be wrong by bench/label-issues.mjs", () => {
  const script = fileURLToPath(new URL("../bench/label-issues.mjs", import.meta.url));
  const { stdout } = spawnSync(process.execPath, [script, "arrays", "--json"], { cwd: home, encoding: "utf8" });
  const { evaluated, trueErrorRate, scores } = JSON.parse(stdout) as Record<string, unknown>;
  const wrong = readLabelsTrainedOn().map((label, i) => label !== i % 3);
  const ranked = list("issues arrays --json");
  const of = (rank: (scores: readonly number[], positives: readonly boolean[]) => number) =>
    rank(
      ranked.map(({ score }) => score),
      ranked.map(({ index }) => wrong[index]!),
    );
  const mended = ranked.filter(({ index, suggested }) => wrong[index] && suggested === String(index % 3));
  const mistaken = wrong.filter(Boolean).length;
  expect({ evaluated, trueErrorRate }).toEqual({ evaluated: 60, trueErrorRate: mistaken / 60 });
  expect(scores).toEqual([
    {
      name: "issues",
      areaUnderRoc: expect.closeTo(of(areaUnderRoc), 6),
      averagePrecision: expect.closeTo(of(averagePrecision), 6),
      labelErrorRate: expect.any(Number),
      suggestedRight: expect.closeTo(mended.length / mistaken, 6),
    },
  ]);
});

describe("wrong usage", () => {
  test.each(refusals)("%s is refused in one line", (words, saying) => {
    const { status, stdout, stderr, changed } = outcome(words);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    for (const part of saying) expect(stderr).toContain(part);
    expect({ status, stdout, changed }).toEqual({ status: 2, stdout: "", changed: [] });
  });
});
