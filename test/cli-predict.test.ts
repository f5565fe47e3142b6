// `selfadapt predict`, on a machine without the engine wherever the model is an exported one.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { writeNpy } from "../src/data/index.js";
import { main, selfadaptEach, type Traced } from "./support/command.js";
import { photos } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { calibrationAt, colorModel, featureModel } from "./support/tiny-onnx.js";

const folder = temporaryFolder();
const withoutEngine = new URL("support/without-engine.mjs", import.meta.url).href;
let home: string;

beforeAll(async () => {
  const pictures = await photos(["red", "green", "blue"], { each: 2, side: (i) => 8 + 12 * i });
  const nested = Object.fromEntries(Object.entries(pictures).map(([file, bytes]) => [`photos/${file}`, bytes]));
  const bright = Uint8Array.from({ length: 2 * 3 * 64 }, (_, i) => (i % 192 < 64 ? 255 : 0));
  home = folder("home", {
    ...nested,
    "photos/blue/notes.txt": "no picture",
    "photos/blue/.hidden.png": pictures["red/0.png"] as Uint8Array,
    "broken.jpg": "no picture",
    "zero.png": "",
    "model.onnx": colorModel(),
    "careful.onnx": colorModel({ calibration: calibrationAt(0.6) }),
    "features.onnx": featureModel(),
    "two.npy": writeNpy(bright, [2, 3, 8, 8]),
    "other.npy": writeNpy(new Uint8Array(216), [1, 3, 9, 8]),
    "nan.npy": writeNpy(Float32Array.of(3, 1, 2, 0, Number.NaN, 1), [2, 3]),
    "rows.npy": writeNpy(Float32Array.of(3, 1, 2, 0, 0, 1), [2, 3]),
  });
  symlinkSync(join(home, "photos"), join(home, "photos", "red", "loop"));
});

interface Answer {
  readonly file: string;
  readonly label?: string;
  readonly abstained?: boolean;
  readonly confidence?: number;
  readonly error?: string;
}

function predict(words: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", withoutEngine, main, "predict", ...words, "--threads", "1"],
    { cwd: home, input, encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

function answers(words: readonly string[], input = ""): Answer[] {
  const { status, stdout, stderr } = predict([...words, "--json"], input);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout) as Answer[];
}

const names = (found: readonly Answer[]) => found.map(({ file, label }) => `${file} ${label}`);
const everyPhoto = ["blue/0", "blue/1", "green/0", "green/1", "red/0", "red/1"].map(
  (path) => `photos/${path}.png ${path.split("/")[0]}`,
);

describe("inputs, without the engine", () => {
  test("a folder is searched to its depths, links back up and hidden files left out", () => {
    const found = answers(["model.onnx", "photos"]);
    expect(names(found)).toEqual(everyPhoto);
    expect(found[0]).toEqual({
      file: "photos/blue/0.png",
      label: "blue",
      confidence: expect.closeTo(0.6, 0),
      abstained: false,
    });
  });

  test("files, patterns and folders are answered in the order given, whatever the batch size", () => {
    const words = ["model.onnx", "photos/red/1.png", "photos/{green,blue}/*", "photos/red"];
    const expected = [everyPhoto[5], ...everyPhoto.slice(0, 4), ...everyPhoto.slice(4)];
    const whole = answers(words);
    expect(names(whole)).toEqual(expected);
    expect(answers([...words, "--batch-size", "1"])).toEqual(whole);
  });

  test.each([
    ["lines", "photos/red/0.png\r\n\nphotos/blue/1.png"],
    ["names ended by NUL", "photos/red/0.png\0photos/blue/1.png\0"],
  ])("a list on standard input may be %s", (_, list) => {
    expect(names(answers(["model.onnx", "-"], list))).toEqual(["photos/red/0.png red", "photos/blue/1.png blue"]);
  });

  test("arrays are answered sample by sample, and mix with images", () => {
    expect(names(answers(["model.onnx", "two.npy", "photos/blue/0.png"]))).toEqual([
      "two.npy#0 red",
      "two.npy#1 red",
      "photos/blue/0.png blue",
    ]);
    expect(names(answers(["features.onnx", "rows.npy"]))).toEqual(["rows.npy#0 a", "rows.npy#1 c"]);
  });
});

describe("answers", () => {
  test("text has a line a file, abstained in the place of a label that is not sure enough", () => {
    const { stdout } = predict(["careful.onnx", "photos/red/0.png", "two.npy", "--threshold", "0.9"]);
    expect(stdout).toMatch(/^photos\/red\/0\.png {2}abstained {2}0\.\d{4}\ntwo\.npy#0 {9}red {8}0\.9\d{3}\n/);
  });

  test("a threshold that no confidence reaches is said, such as a percentage", () => {
    const { stdout, stderr } = predict(["careful.onnx", "photos/red/0.png", "--threshold", "90"]);
    expect(stderr).toContain("every prediction abstains: the threshold is 90, and no confidence by softmax-response");
    expect(stdout).toContain("abstained");
  });

  test("a threshold of the model's own abstains too, and the label is given still", () => {
    const [unsure, sure] = answers(["careful.onnx", "photos/red/0.png", "two.npy"]);
    expect(unsure?.label).toBe("red");
    expect([unsure?.abstained, sure?.abstained]).toEqual([(unsure?.confidence as number) < 0.6, false]);
  });

  test("files that cannot be decoded are named and passed over, and keep their place in JSON", () => {
    const { status, stdout, stderr } = predict(["model.onnx", "broken.jpg", "photos/red/0.png", "zero.png", "--json"]);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^broken\.jpg cannot be decoded: .+\nzero\.png cannot be decoded: the file is empty\n$/);
    const [broken, red, zero] = JSON.parse(stdout) as Answer[];
    expect(broken).toEqual({ file: "broken.jpg", error: expect.any(String) });
    expect(red?.label).toBe("red");
    expect(zero).toEqual({ file: "zero.png", error: "the file is empty" });
  });
});

test("values that are not finite have no prediction, and JSON is whole where none have one", () => {
  const { stdout, stderr } = predict(["features.onnx", "nan.npy", "--json"]);
  const error = "value 1 is NaN; expected finite numbers";
  expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ file: "nan.npy#0" }), { file: "nan.npy#1", error }]);
  expect(stderr).toBe(`nan.npy#1 cannot be decoded: ${error}\n`);
  const none = predict(["model.onnx", "broken.jpg", "--json"]);
  expect([none.status, JSON.parse(none.stdout)]).toEqual([2, [{ file: "broken.jpg", error: expect.any(String) }]]);
});

describe("a CSV file", () => {
  test("has a row a file, also for those that cannot be decoded, in place of the lines", () => {
    const csv = join(folder("csv"), "predictions.csv");
    const { status, stdout } = predict(["careful.onnx", "photos/red/0.png", "zero.png", "two.npy", "--csv", csv]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `4 rows in ${csv}\n` });
    const [header, red, zero, ...rows] = readFileSync(csv, "utf8").trimEnd().split("\n");
    expect(header).toBe("file,label,confidence,abstained,error");
    expect(red).toMatch(/^photos\/red\/0\.png,red,0\.\d+,(true|false),$/);
    expect(zero).toBe("zero.png,,,,the file is empty");
    expect(rows.map((row) => row.split(",").slice(0, 2).join())).toEqual(["two.npy#0,red", "two.npy#1,red"]);
  });

  test("is not left half-written", () => {
    const place = folder("no csv");
    const { status } = predict(["model.onnx", "broken.jpg", "--csv", join(place, "predictions.csv")]);
    expect({ status, files: readdirSync(place) }).toEqual({ status: 2, files: [] });
  });

  test("and mirror images go together", () => {
    const [plain] = answers(["model.onnx", "photos/red/0.png"]);
    const [flipped] = answers(["model.onnx", "photos/red/0.png", "--tta", "flip"]);
    expect(flipped?.confidence).toBeCloseTo(plain?.confidence as number, 5);
  });
});

describe("what cannot be answered gets one line and status 2", () => {
  const cases: [what: string, words: string[], saying: string][] = [
    ["nothing but broken files", ["model.onnx", "broken.jpg", "zero.png"], "none of 2 files could be decoded"],
    ["a broken file under --strict", ["model.onnx", "zero.png", "photos", "--strict"], "zero.png cannot be decoded"],
    ["a missing file", ["model.onnx", "photos", "gone.png"], 'there is no "gone.png"'],
    ["a pattern without a match", ["model.onnx", "*.gif"], 'no image or array matches "*.gif"'],
    [
      "an array of another shape",
      ["model.onnx", "other.npy"],
      "(1, 3, 9, 8); the model takes images of shape (n, 3, 8, 8)",
    ],
    ["images for a model of features", ["features.onnx", "zero.png"], "expected a .npy array of (n, 3)"],
    ["a model that is missing", ["gone.onnx", "photos"], 'there is no "gone.onnx"'],
    ["a model that is none", ["zero.png", "photos"], "cannot be read as an ONNX model"],
    ["a threshold that is none", ["model.onnx", "photos", "--threshold", "high"], '--threshold: received "high"'],
    ["a batch of nothing", ["model.onnx", "photos", "--batch-size", "0"], '--batch-size: received "0"'],
    ["a checkpoint of an exported model", ["model.onnx", "photos", "--checkpoint", "best"], "for run folders"],
    ["a list without an image", ["model.onnx", "-"], "the inputs contain no image"],
  ];
  let outcomes: Traced[] = [];
  beforeAll(() => {
    const commands = cases.map(([, words]) => ["predict", ...words]);
    outcomes = selfadaptEach(commands, { cwd: home, input: "", env: { NODE_OPTIONS: `--import=${withoutEngine}` } });
  });

  test.each(cases.map(([what, , saying], i) => [what, saying, i] as const))("%s", (_, saying, i) => {
    const { status, stderr, changed } = outcomes[i] as Traced;
    expect(stderr.trim().split("\n").at(-1)).toMatch(/^error: /);
    expect(stderr).toContain(saying);
    expect({ status, changed }).toEqual({ status: 2, changed: [] });
  });

  test("a run folder needs the engine, so the tests above were without it", () => {
    expect(existsSync(new URL("../build/Release/selfadapt.node", import.meta.url))).toBe(true);
    const program = `await import(${JSON.stringify(pathToFileURL(main.replace("cli/main.js", "torch/index.js")).href)}).then(({ tensor }) => tensor([1]))`;
    const { stderr } = spawnSync(
      process.execPath,
      ["--import", withoutEngine, "--input-type=module", "--eval", program],
      { encoding: "utf8" },
    );
    expect(stderr).toContain("the engine was loaded");
  });
});
