// `selfadapt export` as users call it: what it says, what it writes, and what it refuses.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { selfadaptEach, type Traced } from "./support/command.js";
import { openModel } from "./support/exported.js";
import { photos } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();

describe("the command", () => {
  let home: string;
  let outcomes: Traced[];
  const commands = [
    "train photos --width 4 --epochs 1 --batch-size 4 --image-size 16 --threads 1 --out run",
    "export run --onnx model.onnx --pth model.pth --threads 1",
    "export run --onnx again.onnx --safetensors model.safetensors --json",
    "export run",
    "export elsewhere --onnx none.onnx",
    "export run --onnx none.onnx --checkpoint best",
    "export --help",
  ];
  beforeAll(async () => {
    const files = Object.entries(await photos(["cat", "dog", "owl"])).map(([path, file]) => [`photos/${path}`, file]);
    home = folder("home", Object.fromEntries(files));
    outcomes = selfadaptEach(
      commands.map((line) => line.split(" ")),
      { cwd: home },
    );
  }, 60_000);
  const outcome = (i: number) => outcomes[i] as Traced;

  test("writes the files asked for, lists them, and says that the model never abstains", () => {
    const { status, stdout, stderr, changed } = outcome(1);
    expect({ status, changed }).toEqual({ status: 0, changed: ["model.onnx", "model.pth"] });
    expect(stderr).toBe("the run is not calibrated: the model never abstains\n");
    expect(stdout).toMatch(/^model.onnx +[\d.]+ MB, ONNX, opset \d+\nmodel.pth +[\d.]+ MB, weights for PyTorch\n/);
    expect(stdout).toMatch(/\ncheckpoint +last\nconfidence +by softmax-response\n$/);
  });

  test("with --json prints one object", () => {
    const result = JSON.parse(outcome(2).stdout);
    expect(result).toMatchObject({ checkpoint: "last", score: "softmax-response", temperature: 1, threshold: null });
    expect(result.files.map(({ form, file }: { form: string; file: string }) => [form, file])).toEqual([
      ["onnx", "again.onnx"],
      ["safetensors", "model.safetensors"],
    ]);
  });

  test("makes a model that onnxruntime answers photographs by", async () => {
    const { ask } = await openModel(join(home, "model.onnx"));
    const { shapes, abstained } = await ask(new Float32Array(4 * 3 * 16 * 16).fill(0.5), [4, 3, 16, 16]);
    expect(shapes.probabilities).toEqual([4, 3]);
    expect(abstained).toEqual([false, false, false, false]);
  });

  test.each([
    [3, "nothing to export; expected --onnx, --safetensors or --pth FILE"],
    [4, "elsewhere is not a run folder"],
    [5, 'run has no checkpoint "best"'],
  ])("refuses in one line what it cannot do (%i)", (i, saying) => {
    const { status, stdout, stderr, changed } = outcome(i);
    expect({ status, stdout, changed }).toEqual({ status: 2, stdout: "", changed: [] });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toContain(saying);
    expect(existsSync(join(home, "none.onnx"))).toBe(false);
  });

  test("explains itself with examples", () => {
    expect(outcome(6)).toMatchObject({ status: 0, stdout: expect.stringContaining("selfadapt export runs/") });
  });
});
