import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InputError } from "../../errors.js";
import { isSafetensors, readSafetensors, writeSafetensors } from "./safetensors.js";
import { elementCount, ITEM_SIZES, type StoredDict, type StoredTensor, type StoredType } from "./types.js";

const fixture = (name: string) => readFileSync(new URL(`../../../test/fixtures/weights/${name}`, import.meta.url));

const inHex = (tensors: StoredDict) =>
  [...tensors].map(([key, { dtype, shape, bytes }]) => [key, dtype, shape, Buffer.from(bytes).toString("hex")]);

function file(header: unknown, dataBytes = 0): Uint8Array {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}

const oneTensor = (dtype: string, shape: unknown, offsets: unknown) => ({ a: { dtype, shape, data_offsets: offsets } });

describe("reading safetensors", () => {
  it("reads a file that the reference library wrote", () => {
    const { tensors } = readSafetensors(fixture("resnet18-bw8.safetensors"), "resnet");
    expect(tensors.size).toBe(122);
    expect([...tensors.keys()].slice(0, 2)).toEqual(["conv1.weight", "bn1.weight"]);
    expect(tensors.get("conv1.weight")).toMatchObject({ dtype: "float32", shape: [8, 3, 3, 3] });
    expect(tensors.get("bn1.num_batches_tracked")).toMatchObject({ dtype: "int64", shape: [] });
    for (const { dtype, shape, bytes } of tensors.values()) {
      expect(bytes.length).toBe(elementCount(shape) * ITEM_SIZES[dtype]);
    }
  });

  it("reads values as they were written, and views the file without copying", () => {
    const bytes = file(oneTensor("F32", [2], [0, 8]), 8);
    new DataView(bytes.buffer, bytes.byteOffset).setFloat32(bytes.length - 4, 1.5, true);
    const tensor = readSafetensors(bytes, "two.safetensors").tensors.get("a")!;
    expect(tensor.bytes.buffer).toBe(bytes.buffer);
    expect(new Float32Array(tensor.bytes.slice().buffer)).toEqual(new Float32Array([0, 1.5]));
  });

  it("reads free text, spaces after the header, tensors without elements and any order of entries", () => {
    const header = {
      b: { dtype: "BF16", shape: [2], data_offsets: [1, 5] },
      __metadata__: { format: "pt" },
      a: { dtype: "BOOL", shape: [], data_offsets: [0, 1] },
      none: { dtype: "F64", shape: [0, 3], data_offsets: [1, 1] },
    };
    const { tensors, metadata } = readSafetensors(file(`${JSON.stringify(header)}   `, 5), "x");
    expect(metadata).toEqual({ format: "pt" });
    expect([...tensors].map(([key, { dtype, shape }]) => [key, dtype, shape])).toEqual([
      ["b", "bfloat16", [2]],
      ["a", "bool", []],
      ["none", "float64", [0, 3]],
    ]);
  });

  it.each([
    ["a file shorter than its length field", Buffer.alloc(5), /5 bytes are too few.*at least 8/],
    ["a header longer than the file", Buffer.from("ffff000000000000", "hex"), /header length 65535.*at most 0/],
    ["an absurd header length", Buffer.alloc(16, 0xff), /header length 18446744073709552000/],
    ["a header that is not JSON", file("{nothing"), /not a JSON object/],
    ["a header that is not an object", file("[1]"), /not a JSON object/],
    ["metadata that is not text", file({ __metadata__: { a: 1 } }), /must map strings to strings/],
    ["an entry without offsets", file({ a: { dtype: "F32", shape: [1] } }), /malformed header entry of "a"/],
    ["a negative size", file(oneTensor("F32", [-1], [0, 4]), 4), /malformed header entry of "a"/],
    ["an unknown type", file(oneTensor("F8_E4M3", [4], [0, 4]), 4), /dtype "F8_E4M3"; expected one of F64, F32/],
    ["an offset beyond the file", file(oneTensor("F32", [2], [0, 8]), 4), /bytes 0 to 8;.*end by 4/],
    ["offsets that go backwards", file(oneTensor("F32", [1], [4, 0]), 4), /bytes 4 to 0/],
    ["a hole before a tensor", file(oneTensor("F32", [1], [4, 8]), 8), /expected to start at 0/],
    ["bytes that belong to no tensor", file(oneTensor("F32", [1], [0, 4]), 8), /take 4 bytes, but 8 follow/],
    ["too few bytes for the shape", file(oneTensor("F32", [3], [0, 8]), 8), /has 8 bytes; expected 12/],
    ["a shape beyond all bounds", file(oneTensor("I8", [2 ** 40, 2 ** 40], [0, 8]), 8), /expected 1\.2\d*e\+24/],
    [
      "tensors that overlap",
      file({ ...oneTensor("U8", [4], [0, 4]), b: { dtype: "U8", shape: [4], data_offsets: [2, 6] } }, 6),
      /"b" lies at bytes 2 to 6; expected to start at 4/,
    ],
  ])("refuses %s in one line that names the file", (_, bytes, message) => {
    const read = () => readSafetensors(bytes, "bad.safetensors");
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
    expect(read).toThrow(/^bad\.safetensors: [^\n]+$/);
  });
});

describe("writing safetensors", () => {
  const everyType: StoredDict = new Map(
    (Object.keys(ITEM_SIZES) as StoredType[]).reverse().map((dtype, index): [string, StoredTensor] => {
      const bytes = new Uint8Array(3 * ITEM_SIZES[dtype]).map((_, byte) => (byte + index) % 2);
      return [dtype, { dtype, shape: [1, 3], bytes }];
    }),
  );

  it("gives back what was written: names in order, types, shapes, bytes and free text", () => {
    const written = writeSafetensors(everyType, { format: "pt", epoch: "7" });
    const read = readSafetensors(written, "x");
    expect([...read.tensors]).toEqual([...everyType]);
    expect(read.metadata).toEqual({ format: "pt", epoch: "7" });
    expect(isSafetensors(written)).toBe(true);
  });

  it("gives back an empty dictionary", () => {
    expect(readSafetensors(writeSafetensors(new Map()), "x").tensors.size).toBe(0);
  });

  it("aligns the data, and each tensor in it, to the size of its elements", () => {
    const { tensors } = readSafetensors(writeSafetensors(everyType), "x");
    for (const { dtype, bytes } of tensors.values()) expect(bytes.byteOffset % ITEM_SIZES[dtype]).toBe(0);
  });

  it("keeps every byte of a real model", () => {
    const { tensors } = readSafetensors(fixture("wrn16-1.safetensors"), "wrn");
    expect(inHex(readSafetensors(writeSafetensors(tensors), "again").tensors)).toEqual(inHex(tensors));
  });

  it("refuses bytes that do not fit the shape, and the reserved name", () => {
    const tensor: StoredTensor = { dtype: "float32", shape: [2], bytes: new Uint8Array(4) };
    expect(() => writeSafetensors(new Map([["w", tensor]]))).toThrow(
      /"w" \(float32, shape \[2\]\) has 4 bytes; expected 8/,
    );
    expect(() => writeSafetensors(new Map([["__metadata__", { ...tensor, shape: [1] }]]))).toThrow(InputError);
  });
});
