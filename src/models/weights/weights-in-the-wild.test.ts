// Weights as other tools leave them: wrapped, prefixed, beside optimizers, callbacks and second networks.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { checkpointFile, numpyFloat, type Value } from "../../../test/support/checkpoint-file.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { InputError } from "../../errors.js";
import { setThreads, toStored } from "../../torch/index.js";
import { type StoredDict, writePth, writeSafetensors } from "../../torch/serialization/index.js";
import { createModel, describeLoaded, loadWeights, type Network } from "../index.js";

const folder = temporaryFolder();
beforeAll(() => setThreads(1));

const create = (classes = 10) => createModel("resnet18", { classes, width: 4 });
const stateOf = (model: Network) => toStored(model.stateDict());
const prefixed = (prefix: string, state: StoredDict): StoredDict =>
  new Map([...state].map(([name, tensor]) => [`${prefix}${name}`, tensor]));
const withoutClassifier = (state: StoredDict): StoredDict =>
  new Map([...state].filter(([name]) => !name.startsWith("linear.")));
const vector = (length: number) => ({ dtype: "float32", shape: [length], bytes: new Uint8Array(4 * length) }) as const;

const theirs = create();
const state = stateOf(theirs);

async function load(name: string, bytes: Uint8Array, model = create()) {
  const file = join(folder("files"), name);
  await writeFile(file, bytes);
  const result = await loadWeights(model, file);
  return { ...result, line: describeLoaded(name, result), model };
}

function expectWeights(model: Network, expected: StoredDict): void {
  const loaded = stateOf(model);
  for (const [name, { bytes }] of expected) expect(Buffer.compare(loaded.get(name)!.bytes, bytes), name).toBe(0);
}

describe("a prefix before every name", () => {
  test.each(["model.", "module.", "backbone.", "encoder_q.", "net.", "model.module.", "online_network.encoder."])(
    "is passed over: %s",
    async (prefix) => {
      for (const [name, bytes] of [
        ["w.safetensors", writeSafetensors(prefixed(prefix, state))],
        ["w.pth", writePth(prefixed(prefix, state))],
      ] as const) {
        const { model, loaded, replaced } = await load(name, bytes);
        expect([loaded, replaced]).toEqual([state.size, []]);
        expectWeights(model, state);
      }
    },
  );

  test.each([
    ["encoder_k.", "encoder_q."],
    ["student.", "teacher."],
    ["target_encoder.", "online_encoder."],
  ])("of a second network, %s, gives way to %s", async (second, used) => {
    const other = prefixed(second, stateOf(create()));
    const { model, prefix, line } = await load("two.pth", writePth(new Map([...other, ...prefixed(used, state)])));
    expect(prefix).toBe(used);
    expectWeights(model, state);
    expect(line).toMatch(
      new RegExp(`^two.pth: ${state.size} tensors loaded from ${used}\\*; not used: ${second}conv1`),
    );
  });

  test("of a numbered Sequential of the network's parts stands for their names", async () => {
    const parts = [...new Set([...state.keys()].map((name) => name.split(".")[0] as string))];
    // As torchvision's children are counted, ReLU and pooling have numbers but no tensors.
    const numbers = ["0", "1", "4", "5", "6", "7", "9"];
    const renamed = [...withoutClassifier(state)].map(([name, tensor]) => {
      const part = name.split(".")[0] as string;
      return [`backbone.${numbers[parts.indexOf(part)]}${name.slice(part.length)}`, tensor] as const;
    });
    const { model, replaced } = await load("numbered.pth", writePth(new Map(renamed)));
    expect(replaced).toEqual(["linear.weight", "linear.bias"]);
    expectWeights(model, withoutClassifier(state));
  });
});

describe("an entry of a checkpoint", () => {
  test.each(["state_dict", "model_state_dict", "model", "net", "weights", "model_ema", "teacher", "ema", "backbone"])(
    "%s is found beside plain values",
    async (entry) => {
      const checkpoint = new Map<Value, Value>([
        ["epoch", 3],
        ["best", numpyFloat(0.5)],
        ["optimizer", new Map<Value, Value>([["state", new Map([[0, new Map([["step", vector(1)]])]])]])],
        [entry, state],
      ]);
      const { model, line } = await load("run.pt", checkpointFile(checkpoint));
      expectWeights(model, state);
      expect(line).toBe(`run.pt: ${state.size} tensors loaded from ${entry}`);
    },
  );

  test("with averaged weights comes before the others", async () => {
    const averaged = new Map<Value, Value>([["n_averaged", vector(1)], ...prefixed("module.", state)]);
    const { model, entry, ignored } = await load(
      "ema.pth",
      checkpointFile(
        new Map<Value, Value>([
          ["model", stateOf(create())],
          ["model_ema", averaged],
        ]),
      ),
    );
    expect([entry, ignored]).toEqual(["model_ema", ["n_averaged"]]);
    expectWeights(model, state);
  });

  test("has numbers among its tensors, which are left out", async () => {
    const { model } = await load(
      "mixed.pth",
      checkpointFile(new Map<Value, Value>([...state, ["acc", numpyFloat(0.9)]])),
    );
    expectWeights(model, state);
  });
});

describe("a Lightning checkpoint", () => {
  test("loads, its callbacks, hyperparameters and loops left out", async () => {
    const callback = { module: "pytorch_lightning.callbacks.model_checkpoint", name: "ModelCheckpoint" };
    const root = { module: "pathlib", name: "PosixPath", args: ["/", "data"] };
    const entries = new Map<Value, Value>([
      ["lr", 0.1],
      ["root", root],
    ]);
    const checkpoint = new Map<Value, Value>([
      ["epoch", 9],
      ["pytorch-lightning_version", "1.5.10"],
      ["state_dict", new Map([...prefixed("model.", state), ["criterion.weight", vector(10)]])],
      ["callbacks", new Map<Value, Value>([[callback, new Map([["best_model_score", vector(1)]])]])],
      ["loops", new Map([["fit_loop", new Map([["state_dict", new Map()]])]])],
      ["hyper_parameters", { module: "pytorch_lightning.utilities.parsing", name: "AttributeDict", args: [], entries }],
      ["datamodule", { module: "collections", name: "defaultdict", args: [{ module: "builtins", name: "list" }] }],
    ]);
    const { model, line } = await load("epoch=9.ckpt", checkpointFile(checkpoint));
    expectWeights(model, state);
    expect(line).toBe(
      `epoch=9.ckpt: ${state.size} tensors loaded from model.* of state_dict; not used: criterion.weight`,
    );
  });

  test("with an object that is called by a name that no such file needs is refused, and nothing is run", async () => {
    const checkpoint = new Map<Value, Value>([
      ["state_dict", state],
      ["hyper_parameters", { module: "os", name: "system", args: ["true"] }],
    ]);
    await expect(load("bad.ckpt", checkpointFile(checkpoint))).rejects.toThrow(
      /refused, nothing was run.*"os\.system"/,
    );
  });
});

describe("a classifier", () => {
  test("of another number of classes, below a prefix, is said to start from new weights", async () => {
    const { model, line } = await load("ten.pth", writePth(prefixed("net.", state)), create(3));
    expectWeights(model, withoutClassifier(state));
    expect(line).toBe(
      `ten.pth: ${state.size - 2} tensors loaded from net.*; not used: net.linear.weight, net.linear.bias; ` +
        "it has no classifier for these classes, so linear.weight and linear.bias are initialized again",
    );
  });

  test("that is a projection of several layers, as MoCo's, is left out with the queue", async () => {
    const moco = new Map([
      ...prefixed("module.encoder_q.", withoutClassifier(state)),
      ["module.encoder_q.fc.0.weight", vector(4)],
      ["module.encoder_q.fc.2.weight", vector(4)],
      ["module.queue", vector(4)],
    ]);
    const { model, ignored, replaced } = await load("moco.pth.tar", checkpointFile(new Map([["state_dict", moco]])));
    expectWeights(model, withoutClassifier(state));
    expect(replaced).toEqual(["linear.weight", "linear.bias"]);
    expect(ignored).toEqual(["encoder_q.fc.0.weight", "encoder_q.fc.2.weight", "queue"]);
  });
});

describe("weights of another network", () => {
  test("of which nothing matches are refused with names of both sides", async () => {
    const other = new Map([
      ["blocks.0.attn.qkv.weight", vector(4)],
      ["pos_embed", vector(4)],
      ["patch_embed.proj.weight", vector(4)],
    ]);
    await expect(load("vit.pth", writePth(other))).rejects.toThrow(
      /vit\.pth: none of its 3 tensors has a name of this model; received blocks\.0\.attn\.qkv\.weight, pos_embed and 1 more tensors; expected conv1\.weight, bn1\.weight and \d+ more tensors$/,
    );
  });

  test("of another depth are refused under a prefix as without, and the model stays as it was", async () => {
    const deeper = prefixed("model.", stateOf(createModel("resnet34", { classes: 10, width: 4 })));
    const model = create();
    const before = stateOf(model).get("conv1.weight")!.bytes.slice();
    await expect(load("deep.pth", writePth(deeper), model)).rejects.toThrow(InputError);
    await expect(load("deep.pth", writePth(deeper), model)).rejects.toThrow(/holds layer1\.2\.conv1\.weight, /);
    expect(Buffer.compare(stateOf(model).get("conv1.weight")!.bytes, before)).toBe(0);
  });
});
