import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { fixture, goldenNetwork } from "../../../test/support/golden.js";
import { InputError } from "../../errors.js";
import { noGrad, setThreads, toStored } from "../../torch/index.js";
import { type StoredDict, writePth, writeSafetensors } from "../../torch/serialization/index.js";
import { createModel, fitWeights, loadWeights, type Network, saveWeights } from "../index.js";

let folder: string;
beforeAll(async () => {
  setThreads(1);
  folder = await mkdtemp(join(tmpdir(), "selfadapt-weights-"));
});
afterAll(() => rm(folder, { recursive: true }));

const small = (classes = 10) => createModel("resnet18", { classes, width: 8 });
const authors = fixture("weights/resnet18-bw8.safetensors");

const stateOf = (model: Network) => toStored(model.stateDict());

/** Every tensor's name, type, shape and a digest of its bytes. */
function contents(model: Network): string[] {
  const digest = (bytes: Uint8Array) => createHash("sha1").update(bytes).digest("hex");
  return [...stateOf(model)].map(([name, { dtype, shape, bytes }]) => `${name} ${dtype} ${shape} ${digest(bytes)}`);
}

function expectSameState(actual: Network, expected: Network, except: readonly string[] = []): void {
  const compared = (line: string) => !except.some((name) => line.startsWith(`${name} `));
  expect(contents(actual).filter(compared)).toEqual(contents(expected).filter(compared));
}

function renamed(stored: StoredDict, rename: (name: string) => string): StoredDict {
  return new Map([...stored].map(([name, value]) => [rename(name), value]));
}

/** Asserts that the weights are refused in one line and the model stays as it was. */
function expectRefusal(model: Network, stored: StoredDict, message: string): void {
  const before = contents(model);
  expect(() => fitWeights(model, stored, "w.pth")).toThrow(new InputError(message));
  expect(contents(model)).toEqual(before);
}

describe("weights files of the authors", () => {
  const forms = [".safetensors", ".pth", "-parameters.pth", "-legacy.tar", "-checkpoint.tar"];

  test.each(forms)("resnet18-bw8%s loads and gives their logits", async (form) => {
    const model = small().eval();
    const result = await loadWeights(model, fixture(`weights/resnet18-bw8${form}`));
    expect(result.replaced).toEqual([]);
    const golden = goldenNetwork("resnet18-bw8");
    const logits = noGrad(() => model.forward(golden.x));
    expectAllClose(logits, golden.evalLogits, { rtol: 1e-4, atol: 1e-4 });
  });

  test("every tensor is counted", async () => {
    expect(await loadWeights(small(), authors)).toMatchObject({ loaded: 122, replaced: [], prefix: "", ignored: [] });
  });

  test("load into a float64 model laid out for images without changing either", async () => {
    const [plain, other] = [small(), small().to("float64").to("channels_last")];
    await Promise.all([loadWeights(plain, authors), loadWeights(other, authors)]);
    expect(other.parameters().every(({ dtype }) => dtype === "float64")).toBe(true);
    expect(other.stateDict().get("layer1.0.conv1.weight")?.strides).toEqual([72, 1, 24, 8]);
    expectSameState(other.to("float32"), plain);
  });
});

describe("a classifier for other classes", () => {
  test("is left as initialized and named, the rest is loaded", async () => {
    const [ours, theirs] = [small(3), small()];
    const initial = contents(ours).slice(-2);
    await loadWeights(theirs, authors);
    const result = await loadWeights(ours, authors);
    expect(result).toMatchObject({ loaded: 120, replaced: ["linear.weight", "linear.bias"] });
    expectSameState(ours, theirs, result.replaced);
    expect(contents(ours).slice(-2)).toEqual(initial);
  });

  test("is refused by `strict`", async () => {
    await expect(loadWeights(small(3), authors, { strict: true })).rejects.toThrow(
      new InputError(`${authors}: linear.weight is 10 x 64; expected 3 x 64, as this model has`),
    );
  });

  test("is refused where its inputs differ too", () => {
    const stored = stateOf(small(3));
    stored.set("linear.weight", { dtype: "float32", shape: [10, 32], bytes: new Uint8Array(1280) });
    expectRefusal(small(3), stored, "w.pth: linear.weight is 10 x 32; expected 3 x 64, as this model has");
  });
});

describe("torchvision's names", () => {
  const torchvision = (name: string) => name.replace("linear.", "fc.").replace("shortcut", "downsample");

  test.each(["resnet18", "resnet50"])("%s loads by them, its classifier replaced", async (name) => {
    const create = (classes: number) => createModel(name, { classes, width: 4, imageSize: 224 });
    const [theirs, ours] = [create(20), create(5)];
    const file = join(folder, `${name}-torchvision.pth`);
    await writeFile(file, writePth(renamed(stateOf(theirs), torchvision)));
    const { replaced } = await loadWeights(ours, file);
    expect(replaced).toEqual(["linear.weight", "linear.bias"]);
    expectSameState(ours, theirs, replaced);
    const same = create(20);
    expect((await loadWeights(same, file)).replaced).toEqual([]);
    expectSameState(same, theirs);
  });

  test("a stem for other image sizes is named", () => {
    const stored = renamed(stateOf(createModel("resnet18", { classes: 9, width: 4, imageSize: 224 })), torchvision);
    const message = "w.pth: conv1.weight is 4 x 3 x 7 x 7; expected 4 x 3 x 3 x 3, as this model has";
    expectRefusal(
      createModel("resnet18", { classes: 9, width: 4 }),
      stored,
      `${message}; the file has the imagenet stem`,
    );
  });

  test("names like torchvision's `fc` in wide networks stay theirs", () => {
    const [ours, theirs] = [createModel("wrn-16-1", { classes: 4 }), createModel("wrn-16-1", { classes: 4 })];
    fitWeights(ours, stateOf(theirs), "w.pth");
    expectSameState(ours, theirs);
  });
});

describe("weights that do not fit", () => {
  test("lack a tensor", () => {
    const stored = stateOf(small());
    stored.delete("layer2.0.shortcut.0.weight");
    const message = "w.pth: lacks layer2.0.shortcut.0.weight; expected the weights of this model";
    expectRefusal(small(), stored, message);
  });

  test("hold too much and too little", () => {
    const stored = renamed(stateOf(small()), (name) => name.replace("layer4.1.", "extra."));
    const message =
      "w.pth: lacks layer4.1.conv1.weight, layer4.1.bn1.weight and 8 more tensors and holds extra.conv1.weight, " +
      "extra.bn1.weight and 10 more tensors, which the model does not have; expected the weights of this model";
    expectRefusal(small(), stored, message);
  });

  test("are of another width", () => {
    const stored = stateOf(createModel("resnet18", { classes: 10, width: 4 }));
    expectRefusal(small(), stored, "w.pth: conv1.weight is 4 x 3 x 3 x 3; expected 8 x 3 x 3 x 3, as this model has");
  });

  test("may lack the counts of batches", () => {
    const [ours, theirs] = [small(), small()];
    const stored = stateOf(theirs);
    for (const name of stored.keys()) if (name.endsWith("num_batches_tracked")) stored.delete(name);
    expect(fitWeights(ours, stored, "w.pth")).toMatchObject({ loaded: 102, replaced: [] });
    expectSameState(ours, theirs);
  });

  test("leave the dictionary they came in alone", () => {
    const stored = stateOf(small());
    fitWeights(small(3), stored, "w.pth");
    expect(stored.size).toBe(122);
  });
});

describe("run folders", () => {
  test("give their last checkpoint, its averaged weights where it has them", async () => {
    const [ours, theirs] = [small(), small()];
    const run = join(folder, "run");
    await mkdir(join(run, "checkpoint", "last"), { recursive: true });
    await writeFile(join(run, "checkpoint/last/model.safetensors"), writeSafetensors(stateOf(theirs)));
    await loadWeights(ours, run);
    expectSameState(ours, theirs);
    const averaged = small();
    await writeFile(join(run, "checkpoint/last/ema.safetensors"), writeSafetensors(stateOf(averaged)));
    await loadWeights(ours, run);
    expectSameState(ours, averaged);
  });

  test("without a checkpoint are refused", async () => {
    const message = `${folder}: no checkpoint/last/model.safetensors in this folder; expected a run folder or a weights file`;
    await expect(loadWeights(small(), folder)).rejects.toThrow(new InputError(message));
  });

  test("and files that are not there are refused by name", async () => {
    await expect(loadWeights(small(), join(folder, "none.pth"))).rejects.toThrow(
      /^cannot read weights from .*none\.pth/,
    );
  });
});

describe("written weights", () => {
  test.each(["safetensors", "pth"])("come back from .%s, whatever their layout", async (suffix) => {
    const [ours, theirs] = [small(), small().to("channels_last")];
    const file = join(folder, `written.${suffix}`);
    await saveWeights(theirs, file);
    await loadWeights(ours, file);
    expectSameState(ours, theirs);
  });

  test("have a known suffix", async () => {
    const message = "cannot write weights to model.onnx; expected a name ending in .safetensors or .pth";
    await expect(saveWeights(small(), "model.onnx")).rejects.toThrow(new InputError(message));
  });

  test("leave nothing behind where they cannot be put", async () => {
    const taken = join(folder, "taken.pth");
    await mkdir(join(taken, "full"), { recursive: true });
    await expect(saveWeights(small(), taken)).rejects.toThrow(/^cannot write .*taken\.pth: /);
    await expect(saveWeights(small(), join(folder, "missing", "w.pth"))).rejects.toThrow(InputError);
    expect((await readdir(folder)).filter((name) => name.endsWith(".writing"))).toEqual([]);
  });
});
