// `selfadapt embed` and `selfadapt probe` on data as users have it: what they write, and what they say of how it was measured.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readNpy } from "../src/data/tables/npy.js";
import { inspectRun, type RunProbe } from "../src/evaluation/index.js";
import { expectAllClose } from "./support/all-close.js";
import { selfadaptEach, type Traced } from "./support/command.js";
import { embeddings, photos } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();
let home: string;
let outcomes: ReadonlyMap<string, Traced>;
const outcome = (words: string) => outcomes.get(words) as Traced;
const probed = (words: string) => JSON.parse(outcome(words).stdout) as RunProbe;
const rowsOf = (file: string) => readNpy(join(home, file));
const listOf = (file: string) =>
  readFileSync(join(home, file), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { row: number; file: string });

const probe = "probe arrays --data emb --json";
const commands = [
  "train photos --width 4 --epochs 1 --batch-size 6 --precision fp32 --out pictures",
  "train emb --width 4 --epochs 2 --precision fp32 --out arrays",
  "embed pictures photos --out all.npy --batch-size 5 --json",
  "embed pictures photos/owl/1.png broken.png photos/cat/*.png --normalize --out some.npy",
  "embed arrays emb/x_train.npy --out arrays.npy --batch-size 7",
  "embed arrays emb/x_train.npy --out initial.npy --checkpoint initial",
  `${probe} --methods all --epochs 30`,
  `${probe} --k 3 --temperature 0.5 --label-fraction 0.2`,
  `${probe} --checkpoint initial --methods knn`,
  "probe pictures --data photos --held-out 0.25 --methods all --epochs 2 --k 3",
];

const refusals: readonly (readonly [words: string, saying: readonly string[]])[] = [
  ["embed pictures photos --out rows.csv", ["--out", '"rows.csv"', ".npy"]],
  ["embed pictures broken.png --out none.npy", ["no input could be decoded"]],
  ["embed pictures broken.png --strict --out none.npy", ["broken.png cannot be decoded"]],
  ["embed pictures photos --out nowhere/rows.npy", ["cannot write nowhere/rows.npy"]],
  ["embed pictures photos --out manifest.npy", ["manifest.jsonl exists", "--out"]],
  ["embed pictures photos --checkpoint first --out rows.npy", ['"first"', "last, best or initial"]],
  ["probe arrays --data emb --methods svm", ['"svm"', "lbfgs, sgd, knn or all"]],
  ["probe arrays --data photos", ["3 x 16 x 16", "trained on 4"]],
  ["probe arrays --data emb --temperature 0", ["--temperature", "above 0"]],
  ["probe arrays --data emb --label-fraction 0", ["--label-fraction", "above 0"]],
  ["probe pictures --data photos --labels manifest.jsonl", ["--labels manifest.jsonl", "this data has its own"]],
  ["evaluate pictures --data photos --labels manifest.jsonl", ["--labels manifest.jsonl", "this data has its own"]],
  ["probe arrays --data emb --checkpoint best", ['no checkpoint "best"']],
];

beforeAll(async () => {
  const pictures = await photos(["cat", "dog", "owl"]);
  const under = (name: string, files: Record<string, Uint8Array | string>) =>
    Object.fromEntries(Object.entries(files).map(([path, content]) => [`${name}/${path}`, content]));
  home = folder("home", {
    ...under("photos", pictures),
    ...under("emb", { ...embeddings(60), ...embeddings(12, "test") }),
    "broken.png": "no picture",
    "manifest.jsonl": '{"file":"photos/owl/1.png","label":"owl"}\n',
  });
  const all = [...commands, ...refusals.map(([words]) => words)];
  const traced = selfadaptEach(
    all.map((words) => words.split(" ")),
    { cwd: home },
  );
  outcomes = new Map(all.map((words, i) => [words, traced[i] as Traced]));
}, 120_000);

test("every command that should succeeds", () => {
  const failed = commands.filter((words) => outcome(words).status !== 0).map((words) => [words, outcome(words)]);
  expect(failed).toEqual([]);
});

describe("embed", () => {
  test("writes the features that the run itself has of its samples, and which file each row is of", async () => {
    const { features, featureSize, train } = await inspectRun(join(home, "pictures"), { data: join(home, "photos") });
    const { data, shape } = await rowsOf("all.npy");
    expect(shape).toEqual([12, featureSize]);
    const files = listOf("all.jsonl");
    expect(files.map(({ row }) => row)).toEqual([...files.keys()]);
    const places = files.map(({ file }) => train.files?.findIndex((path) => file.endsWith(path)) ?? -1);
    expect(new Set(places).size).toBe(12);
    const expected = places.flatMap((place) => [...features.subarray(place * featureSize, (place + 1) * featureSize)]);
    expectAllClose(data as Float32Array, expected, { rtol: 1e-4, atol: 1e-6 });
    expect(JSON.parse(outcome(commands[2] as string).stdout)).toEqual({
      rows: 12,
      size: featureSize,
      out: "all.npy",
      files: "all.jsonl",
      normalized: false,
    });
  });

  test("names a file that cannot be decoded and leaves it out; brings rows to length 1 where asked", async () => {
    expect(outcome(commands[3] as string).stderr).toContain("broken.png cannot be decoded");
    const [some, all] = [await rowsOf("some.npy"), await rowsOf("all.npy")];
    const files = listOf("some.jsonl").map(({ file }) => file);
    expect(files).toEqual(["photos/owl/1.png", ...[0, 1, 2, 3].map((i) => `photos/cat/${i}.png`)]);
    expect(some.shape[0]).toBe(5);
    const size = some.shape[1] as number;
    const place = listOf("all.jsonl").findIndex(({ file }) => file === "photos/owl/1.png");
    const row = Array.from(all.data as Float32Array).slice(place * size, (place + 1) * size);
    expectAllClose(
      (some.data as Float32Array).slice(0, size),
      row.map((value) => value / Math.hypot(...row)),
      { rtol: 1e-4, atol: 1e-6 },
    );
  });

  test("takes arrays, sample by sample, and the weights as they were before training", async () => {
    expect(listOf("arrays.jsonl").at(-1)).toEqual({ row: 59, file: "emb/x_train.npy#59" });
    const [trained, initial] = [await rowsOf("arrays.npy"), await rowsOf("initial.npy")];
    expect(initial.shape).toEqual(trained.shape);
    expect(initial.data).not.toEqual(trained.data);
  });
});

describe("probe", () => {
  test("finds classes that are easy to tell apart by every protocol, and says how each figure was measured", () => {
    const result = probed(commands[6] as string);
    expect(result).toMatchObject({ linear: 1, knn: 1, sgd: { accuracy: 1 } });
    expect(result.lbfgs).toMatchObject({ accuracy: 1, chosenOn: 12 });
    expect(result.protocol).toMatchObject({
      part: "test",
      trainSamples: 60,
      testSamples: 12,
      labelFraction: 1,
      classes: 3,
    });
    expect(result.protocol.lbfgs).toContain("l2");
    expect(result.protocol.knn).toContain("60 nearest neighbors by cosine");
    expect(result.protocol.sgd).toContain("no augmentation; 30 epochs, batches of 256, learning rate 0.1 x 256/256");
    expect(result.health).toMatchObject({ size: result.protocol.embeddingSize, samples: 12, alignment: null });
  });

  test("learns from a share of the labels, and does what was asked only", () => {
    const few = probed(commands[7] as string);
    expect(few.protocol).toMatchObject({ trainSamples: 12, labelFraction: 0.2, sgd: null });
    expect(few.protocol.knn).toContain("3 nearest neighbors by cosine, votes weighted by exp(cosine / 0.5)");
    const initial = probed(commands[8] as string);
    expect(initial).toMatchObject({
      linear: null,
      lbfgs: null,
      sgd: null,
      protocol: { checkpoint: "initial", lbfgs: null },
    });
    expect(initial.protocol.initial).toContain("random weights, batch norm's averages measured on 60 batches");
    expect(few.protocol.initial).toBeNull();
    expect(initial.health.deviation).not.toBe(few.health.deviation);
  });

  test("holds out samples where there is no test part, and prints the protocol under each figure", () => {
    const { stdout } = outcome(commands[9] as string);
    expect(stdout).toContain("trained on    9 training samples (all labels), seed 0");
    expect(stdout).toContain("evaluated on  3 samples, held out of the training part");
    expect(stdout).toMatch(/linear accuracy 100\.00%\n {2}logistic regression by L-BFGS .* l2 /);
    expect(stdout).toMatch(
      /linear accuracy .*\n {2}linear layer by SGD .* random resized crops and mirror images; 2 epochs/,
    );
    expect(stdout).toMatch(/nearest neighbors 100\.00%\n {2}3 nearest neighbors by cosine/);
    expect(stdout).toMatch(/alignment +[\d.]+ \(lower is closer\)/);
  });
});

test.each(refusals)("%s is refused in one line, and leaves nothing behind", (words, saying) => {
  const { status, stdout, stderr, changed } = outcome(words);
  expect([status, stdout, changed]).toEqual([2, "", []]);
  const lines = stderr.trimEnd().split("\n");
  for (const part of saying) expect(lines.at(-1)).toContain(part);
});
