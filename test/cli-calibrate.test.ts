// `selfadapt calibrate` and what `evaluate` then says: thresholds, promises, what is refused, and what is left as it was.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { randomFrom, writeNpy } from "../src/data/index.js";
import type { RunCalibration, RunEvaluation } from "../src/evaluation/index.js";
import { selfadaptEach, type Traced } from "./support/command.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();

/** Three classes around the corners of a triangle, which overlap, as `train` reads them. */
function clouds(name: string, rows: number): Record<string, Uint8Array> {
  const random = randomFrom(rows, name);
  const noise = () => random.uniform() + random.uniform() - 1;
  const values = Float32Array.from({ length: 3 * rows }, (_, i) => Number(i % 3 === Math.floor(i / 3) % 3) + noise());
  const labels = BigInt64Array.from({ length: rows }, (_, row) => BigInt(row % 3));
  return { [`${name}/x_train.npy`]: writeNpy(values, [rows, 3]), [`${name}/y_train.npy`]: writeNpy(labels, [rows]) };
}

const quick = "--width 4 --epochs 4 --batch-size 16 --lr 0.02";
const commands = [
  `train own --objective sat-selective ${quick} --out abstaining`,
  `train own --objective ce ${quick} --val-fraction 0.2 --noise symmetric:0.3 --out plain`,
  "calibrate abstaining --data held --coverage 0.8 --json",
  "evaluate abstaining --data held --json",
  "evaluate abstaining --data new",
  "evaluate abstaining --data new --score all --passes 2",
  "calibrate abstaining --data held --risk 0.3 --confidence 0.9",
  "calibrate abstaining --data few --risk 0.01",
  "train --resume --out abstaining",
  "calibrate plain --coverage 0.9 --temperature --checkpoint best",
  "evaluate plain --data new --json",
  "evaluate plain --data new --checkpoint last --json",
  "calibrate plain --data own --coverage 0.9 --score mc-dropout --passes 2",
  "calibrate --help",
];

const refusals: readonly (readonly [words: string, saying: readonly string[]])[] = [
  ["calibrate", ["run"]],
  ["calibrate nowhere --coverage 0.9", ["nowhere", "is not a run folder"]],
  ["calibrate plain", ["--coverage and --risk", "neither"]],
  ["calibrate plain --coverage 0.9 --risk 0.1", ["--coverage and --risk", "both"]],
  ["calibrate plain --coverage 0", ["--coverage", "0", "above 0"]],
  ["calibrate plain --coverage 1.2", ["--coverage", "1.2", "at most 1"]],
  ["calibrate plain --coverage 90", ["90", "did you mean 0.9?"]],
  ["calibrate plain --coverage most", ["--coverage", '"most"', "fraction"]],
  ["calibrate plain --risk 0", ["--risk", "0", "below 1"]],
  ["calibrate plain --risk 0.1 --confidence 1", ["--confidence", "1", "below 1"]],
  ["calibrate plain --coverage 0.9 --confidence 0.9", ["--confidence", "--risk"]],
  ["calibrate plain --coverage 0.9 --score sure", ['"sure"', "softmax-response"]],
  ["calibrate plain --coverage 0.9 --score selection", ['"selection"', "by ce"]],
  ["calibrate plain --coverage 0.9 --score mc-dropout --passes 0", ["--passes", "0", "at least 1"]],
  ["calibrate plain --coverage 0.9 --passes 2", ["--passes", "mc-dropout"]],
  ["calibrate plain --coverage 0.9 --checkpoint bets", ["--checkpoint", '"bets"', 'did you mean "best"']],
  ["calibrate plain --coverage 0.9 --data nowhere", ["nowhere", "no data"]],
  ["calibrate abstaining --coverage 0.9", ["--data", "held nothing out"]],
  ["evaluate plain --score selection", ['"selection"', "by ce"]],
  ["evaluate plain --score all --passes 0", ["--passes", "0"]],
  ["evaluate plain --seed x", ["--seed", '"x"']],
];

let home: string;
let outcomes: ReadonlyMap<string, Traced>;
const outcome = (words: string) => outcomes.get(words) as Traced;

beforeAll(() => {
  const [own, held, fresh, few] = [clouds("own", 240), clouds("held", 300), clouds("new", 90), clouds("few", 12)];
  home = folder("home", { ...own, ...held, ...fresh, ...few });
  const all = [...commands, ...refusals.map(([words]) => words)];
  const traced = selfadaptEach(
    all.map((words) => words.split(" ")),
    { cwd: home },
  );
  outcomes = new Map(all.map((words, i) => [words, traced[i] as Traced]));
}, 120_000);

describe("calibrate", () => {
  test("for a coverage answers that share, which evaluate finds on the same data", () => {
    const { stdout, changed, status } = outcome("calibrate abstaining --data held --coverage 0.8 --json");
    expect({ status, changed }).toEqual({ status: 0, changed: ["abstaining/calibration.json"] });
    const { calibration } = JSON.parse(stdout) as RunCalibration;
    expect(calibration).toMatchObject({ score: "abstention", achieved: { coverage: 0.8, samples: 300 } });
    const { stderr, stdout: evaluated } = outcome("evaluate abstaining --data held --json");
    const { operatingPoint, errorAtCoverage } = JSON.parse(evaluated) as RunEvaluation;
    expect(operatingPoint).toMatchObject({ coverage: 0.8, risk: errorAtCoverage["80"] });
    expect(stderr).toContain("calibrated on these samples");
  });

  test("for a risk says in plain words what it guarantees", () => {
    const { stdout, stderr, status, changed } = outcome("calibrate abstaining --data held --risk 0.3 --confidence 0.9");
    expect({ status, changed }).toEqual({ status: 0, changed: [] });
    expect(stdout).toMatch(
      /^error at most 30\.0% with probability 90\.0%, at [\d.]+% coverage \(threshold [\d.e-]+\)\n/,
    );
    expect(stdout).toMatch(/guaranteed error +at most [\d.]+%/);
    expect(stderr).toContain("this replaces the run's previous calibration");
  });

  test("that cannot guarantee the risk exits with 1 and one line, and leaves the previous calibration", () => {
    const { stdout, stderr, status } = outcome("calibrate abstaining --data few --risk 0.01");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr.trim().split("\n").at(-1)).toMatch(
      /^error: no threshold can guarantee an error of at most 1\.0% with probability 99\.9% by these 12 samples: the smallest error that can be guaranteed is [\d.]+%, at [\d.]+% coverage; more held-out data, /,
    );
    const kept = JSON.parse(readFileSync(join(home, "abstaining", "calibration.json"), "utf8"));
    expect(kept.target).toEqual({ risk: 0.3, confidence: 0.9 });
  });

  test("is left alone by a resume of a run that has come to its end", () => {
    expect(outcome("train --resume --out abstaining").status).toBe(0);
    expect(outcome("train --resume --out abstaining").changed).toEqual([]);
  });

  test("without data takes the validation part, and says what is wrong with its labels and with the best checkpoint", () => {
    const { stdout, stderr } = outcome("calibrate plain --coverage 0.9 --temperature --checkpoint best");
    expect(stdout).toMatch(/calibrated on +48 samples: .*own, its validation part\n/);
    expect(stdout).toMatch(/temperature +[\d.]+, fitted on the same samples: cross entropy [\d.]+ to [\d.]+\n/);
    expect(stderr).toMatch(/\d+ of the 48 labels of the validation part were replaced by noise/);
    expect(stderr).toContain("the best checkpoint was chosen by these samples");
    const best = JSON.parse(outcome("evaluate plain --data new --json").stdout) as RunEvaluation;
    expect(best).toMatchObject({ checkpoint: "best", operatingPoint: { score: "softmax-response" } });
    const last = outcome("evaluate plain --data new --checkpoint last --json");
    expect(JSON.parse(last.stdout)).toMatchObject({ checkpoint: "last", operatingPoint: null, temperature: 1 });
    expect(last.stderr).toContain("the run's calibration is of its best checkpoint");
  });

  test("on what the run has learnt from warns", () => {
    const { stdout, stderr } = outcome("calibrate plain --data own --coverage 0.9 --score mc-dropout --passes 2");
    expect(stderr).toContain("warning: the run was trained on these samples");
    expect(stdout).toMatch(/passes +2\n/);
  });

  test("explains what held-out data are and what the guarantee means", () => {
    const { stdout } = outcome("calibrate --help");
    for (const words of ["Held-out data are", "from the same distribution", "Exit status 1"])
      expect(stdout).toContain(words);
  });
});

describe("evaluate of a calibrated run", () => {
  test("says what its threshold comes to on new data, with intervals", () => {
    const { stdout, stderr } = outcome("evaluate abstaining --data new");
    expect(stdout).toMatch(/accuracy +[\d.]+% \([\d.]+% to [\d.]+%\)\n/);
    expect(stdout).toMatch(/confidence score +abstention\n/);
    expect(stdout).toMatch(
      /threshold +[\d.e-]+, by abstention\n +coverage +[\d.]+% \([\d.]+% to [\d.]+%\), \d+ of 90\n/,
    );
    expect(stderr).not.toContain("calibrated on these samples");
  });

  test("compares every score that the run has", () => {
    const { stdout } = outcome("evaluate abstaining --data new --score all --passes 2");
    const table = /score +100% +95%.*AURC +AUGRC +AUROC\n([\s\S]+?)\n\n/.exec(stdout)?.[1]?.split("\n") ?? [];
    expect(table.map((row) => row.split(" ")[0])).toEqual([
      "abstention",
      "softmax-response",
      "max-logit",
      "entropy",
      "energy",
      "mc-dropout",
    ]);
    expect(stdout).toMatch(/\nscore to use: (abstention; no other|[a-z-]+, whose AURC is \d)/);
  });
});

describe("calibrate and evaluate refuse, in one line and with status 2", () => {
  test.each(refusals)("%s", (words, saying) => {
    const { status, stdout, stderr, changed } = outcome(words);
    expect({ status, stdout, changed }).toEqual({ status: 2, stdout: "", changed: [] });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    for (const part of saying) expect(stderr).toContain(part);
  });
});
