import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../errors.js";
import { readSafetensors } from "../safetensors.js";
import { findStateDict } from "../state-dict.js";
import type { StoredDict, StoredTensor } from "../types.js";
import { readPth, readPthStateDict } from "./pth.js";

const fixture = (name: string) => readFileSync(new URL(`../../../../test/fixtures/weights/${name}`, import.meta.url));

describe("state dictionaries that PyTorch wrote", () => {
  const expected = readSafetensors(fixture("resnet18-bw8.safetensors"), "expected").tensors;

  it.each([
    ["a state dictionary", "resnet18-bw8.pth"],
    ["a dictionary of Parameters", "resnet18-bw8-parameters.pth"],
    ["a checkpoint of a data-parallel model", "resnet18-bw8-checkpoint.tar"],
    ["a checkpoint in the legacy form", "resnet18-bw8-legacy.tar"],
  ])("reads %s to the same names, shapes and bytes as safetensors", (_, name) => {
    const tensors = readPthStateDict(fixture(name), name);
    expect([...tensors.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [key, { dtype, shape, bytes }] of expected) {
      const tensor = tensors.get(key)!;
      expect([key, tensor.dtype, tensor.shape]).toEqual([key, dtype, shape]);
      expect(Buffer.compare(tensor.bytes, bytes), key).toBe(0);
    }
  });

  it("keeps the other entries next to the state dictionary", () => {
    const { value } = readPth(fixture("resnet18-bw8-legacy.tar"), "x");
    expect(value).toBeInstanceOf(Map);
    expect((value as Map<string, unknown>).get("epoch")).toBe(7);
    expect((value as Map<string, unknown>).get("best_prec1")).toBe(12.5);
  });
});

describe.each(["small.pth", "small-protocol4.pth", "small-legacy.tar"])("every kind of value in %s", (name) => {
  const parts = readPth(fixture(name), name).value as Map<string, Map<string, unknown>>;
  const tensor = (part: string, key: string) => parts.get(part)!.get(key) as StoredTensor;
  const floats = (key: string) => {
    const { shape, bytes } = tensor("layouts", key);
    return { shape, values: [...new Float32Array(bytes.slice().buffer)] };
  };

  it("reads 0, 1, 2 in each of the types", () => {
    const hex = (key: string) => {
      const { dtype, shape, bytes } = tensor("types", key);
      expect([dtype, shape]).toEqual([key, [1, 3]]);
      return Buffer.from(bytes).toString("hex");
    };
    expect(hex("float64")).toBe("0000000000000000000000000000f03f0000000000000040");
    expect(hex("float32")).toBe("000000000000803f00000040");
    expect(hex("float16")).toBe("0000003c0040");
    expect(hex("bfloat16")).toBe("0000803f0040");
    expect(hex("int64")).toBe("000000000000000001000000000000000200000000000000");
    expect(hex("int32")).toBe("000000000100000002000000");
    expect(hex("int16")).toBe("000001000200");
    expect(hex("int8")).toBe("000102");
    expect(hex("uint8")).toBe("000102");
    expect(hex("bool")).toBe("000101");
  });

  it("makes shared, transposed, sliced and expanded tensors contiguous", () => {
    expect(floats("whole")).toEqual({ shape: [3, 4], values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] });
    expect(floats("transposed")).toEqual({ shape: [4, 3], values: [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11] });
    expect(floats("sliced")).toEqual({ shape: [2, 2], values: [5, 7, 9, 11] });
    expect(floats("row")).toEqual({ shape: [4], values: [8, 9, 10, 11] });
    expect(floats("expanded")).toEqual({ shape: [3, 2], values: [0, 0, 4, 4, 8, 8] });
    expect(floats("scalar")).toEqual({ shape: [], values: [2.5] });
    expect(floats("empty")).toEqual({ shape: [0, 3], values: [] });
    expect(floats("parameter")).toEqual({ shape: [4], values: [0, 1, 2, 3] });
    expect(floats("channelsLast")).toEqual({ shape: [1, 2, 2, 2], values: [0, 1, 2, 3, 4, 5, 6, 7] });
  });

  it("reads the plain values around the tensors", () => {
    const { attributed, blob, ...others } = Object.fromEntries(parts.get("others")!);
    expect(others).toEqual({
      best: 93.25,
      step: 7,
      flag: true,
      device: "cuda:1",
      dtype: "torch.bfloat16",
      size: [3, 4],
      args: new Map<string, unknown>([
        ["lr", 0.1],
        ["arch", "resnet18"],
      ]),
      milestones: new Map([
        [30, 1],
        [60, 1],
      ]),
      names: new Set(["cat"]),
      big: 2n ** 70n,
      negative: -5_000_000_000,
      pair: [null, true, [1, -2, 300, 70_000]],
      text: "Grüße",
    });
    expect([...(blob as Uint8Array)]).toEqual([0, 255]);
    expect(attributed).toMatchObject({ dtype: "float32", shape: [2] });
  });
});

describe("finding the state dictionary", () => {
  const weights: StoredDict = new Map([["fc.weight", { dtype: "float32", shape: [1], bytes: new Uint8Array(4) }]]);
  const renamed = (prefix: string) => new Map([...weights].map(([key, tensor]) => [prefix + key, tensor]));

  it.each(["state_dict", "model_state_dict", "model", "net", "weights", "model_ema"])(
    "looks under %s, and deeper",
    (key) => {
      expect(
        findStateDict(
          new Map<string, unknown>([
            ["epoch", 3],
            [key, weights],
          ]),
          "x",
        ),
      ).toEqual(weights);
      expect(findStateDict(new Map([[key, new Map([["state_dict", weights]])]]), "x")).toEqual(weights);
    },
  );

  it("strips what wrappers put before every name, however often", () => {
    expect(findStateDict(renamed("module."), "x")).toEqual(weights);
    expect(findStateDict(renamed("module._orig_mod.module."), "x")).toEqual(weights);
  });

  it("leaves a prefix that only some names have, and one whose loss would merge two names", () => {
    const some = new Map([...weights, ...renamed("module.")]);
    expect(findStateDict(some, "x")).toEqual(some);
    const merging = new Map([...renamed("_orig_mod."), ...renamed("module.")]);
    expect(findStateDict(merging, "x")).toEqual(merging);
  });

  it("names the keys where there is none", () => {
    const checkpoint = new Map<unknown, unknown>([
      ["epoch", 3],
      ["tensors", weights],
    ]);
    expect(() => findStateDict(checkpoint, "run.tar")).toThrow(InputError);
    expect(() => findStateDict(checkpoint, "run.tar")).toThrow(/^run\.tar: .*"epoch", "tensors".*state_dict/);
    expect(() => findStateDict(new Map(), "run.tar")).toThrow(/no dictionary with entries/);
    expect(() => findStateDict([1, 2], "run.tar")).toThrow(InputError);
  });

  it("does not follow a dictionary that contains itself for ever", () => {
    const loop = new Map<string, unknown>();
    for (const key of ["state_dict", "model_state_dict", "model", "net"]) loop.set(key, loop);
    expect(() => findStateDict(loop, "x")).toThrow(InputError);
  });
});

// Written by hand, as PyTorch would.
it.each(["parameter-with-state.pth", "with-complex-number.pth"])("reads the tensor in %s", (name) => {
  expect([...readPthStateDict(fixture(name), name).keys()]).toEqual(["w"]);
});
