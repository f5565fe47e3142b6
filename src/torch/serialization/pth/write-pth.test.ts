import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../errors.js";
import { readSafetensors } from "../safetensors.js";
import { ITEM_SIZES, type StoredDict, type StoredTensor, type StoredType } from "../types.js";
import { readPth, readPthStateDict } from "./pth.js";
import { writePth } from "./write-pth.js";

const fixture = (name: string) => readFileSync(new URL(`../../../../test/fixtures/weights/${name}`, import.meta.url));

const inHex = (tensors: StoredDict) =>
  [...tensors].map(([key, { dtype, shape, bytes }]) => [key, dtype, shape, Buffer.from(bytes).toString("hex")]);

const small: StoredDict = new Map<string, StoredTensor>([
  ...(Object.keys(ITEM_SIZES) as StoredType[]).map((dtype, index): [string, StoredTensor] => {
    const bytes = new Uint8Array(6 * ITEM_SIZES[dtype]).map((_, byte) => (byte * 7 + index) % 2);
    return [`layer.${dtype}`, { dtype, shape: [2, 1, 3], bytes }];
  }),
  ["scalar", { dtype: "int64", shape: [], bytes: new Uint8Array(8).fill(1) }],
  ["empty", { dtype: "float32", shape: [3, 0], bytes: new Uint8Array(0) }],
  ["größe", { dtype: "uint8", shape: [70_000], bytes: new Uint8Array(70_000).map((_, index) => index) }],
]);

describe("writing .pth", () => {
  it("gives back what was written, in order", () => {
    expect(inHex(readPthStateDict(writePth(small), "x"))).toEqual(inHex(small));
    const { tensors } = readSafetensors(fixture("resnet34-bw4.safetensors"), "resnet");
    expect(inHex(readPthStateDict(writePth(tensors), "x"))).toEqual(inHex(tensors));
  });

  it("writes an empty dictionary", () => {
    expect(readPth(writePth(new Map()), "x").value).toEqual(new Map());
  });

  it("has the records that PyTorch looks for, first the pickle, in one folder", () => {
    const records = unzipSync(writePth(new Map([...small].slice(0, 2))));
    expect(Object.keys(records)).toEqual(
      ["data.pkl", "byteorder", "data/0", "data/1", "version"].map((record) => `archive/${record}`),
    );
    expect(Buffer.from(records["archive/version"]!).toString()).toBe("3\n");
    expect(Buffer.from(records["archive/data/0"]!)).toEqual(Buffer.from(small.get("layer.float64")!.bytes));
  });

  it("writes the same bytes for the same tensors", () => {
    expect(Buffer.compare(writePth(small), writePth(small))).toBe(0);
  });

  it("refuses bytes that do not fit the shape", () => {
    const wrong: StoredDict = new Map([["w", { dtype: "float32", shape: [2], bytes: new Uint8Array(4) }]]);
    expect(() => writePth(wrong)).toThrow(InputError);
    expect(() => writePth(wrong)).toThrow(/"w" \(float32, shape \[2\]\) has 4 bytes; expected 8/);
  });

  it("is read by torch.load with weights_only as an OrderedDict of equal tensors", ({ skip }) => {
    const python = ["python3", "/usr/bin/python3"].find((path) => spawnSync(path, ["-c", "import torch"]).status === 0);
    if (python === undefined) return skip("no python3 here has torch");
    const folder = mkdtempSync(join(tmpdir(), "write-pth-"));
    try {
      writeFileSync(join(folder, "weights.pth"), writePth(small));
      const { stdout, stderr } = spawnSync(python, ["-W", "ignore", "-c", DESCRIBE, join(folder, "weights.pth")], {
        encoding: "utf8",
      });
      expect(stderr).toBe("");
      const described = [...small].map(([key, { dtype, shape, bytes }]) => {
        return [key, `torch.${dtype}`, shape, true, Buffer.from(bytes).toString("hex")];
      });
      expect(JSON.parse(stdout)).toEqual({ type: "OrderedDict", tensors: described });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const DESCRIBE = `
import json, sys, torch
loaded = torch.load(sys.argv[1], weights_only=True)
def raw(t):
    return bytes(t.contiguous().flatten().storage().untyped()).hex() if t.numel() else ""
print(json.dumps({"type": type(loaded).__name__, "tensors": [
    [key, str(t.dtype), list(t.shape), t.is_contiguous(), raw(t)] for key, t in loaded.items()]}))
`;
