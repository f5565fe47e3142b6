import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseNpy, readNpy, writeNpy } from "./npy.js";
import { parseNpyStrings } from "./npy-strings.js";

/** A .npy file as the format's description lays it out, written without the code under test. */
function npy(descr: string, shape: string, body: Uint8Array, fortran = "False"): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
  const header = `${text.padEnd(117)}\n`;
  const size = Buffer.alloc(2);
  size.writeUInt16LE(header.length);
  return Buffer.concat([Buffer.from("\x93NUMPY\x01\x00", "latin1"), size, Buffer.from(header), body]);
}
const bytesOf = (data: ArrayBufferView) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const numpy = (() => {
  try {
    execFileSync("python3", ["-c", "import numpy"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

describe("parseNpy", () => {
  it("reads int64, bool and float16 into typed arrays", () => {
    const labels = parseNpy(npy("<i8", "(2, 2)", bytesOf(BigInt64Array.of(1n, -2n, 3n, 4n))));
    expect(labels).toEqual({ data: BigInt64Array.of(1n, -2n, 3n, 4n), shape: [2, 2] });
    expect(parseNpy(npy("|b1", "(3,)", Uint8Array.of(1, 0, 1))).data).toEqual(Uint8Array.of(1, 0, 1));
    const halves = npy("<f2", "(3,)", bytesOf(Uint16Array.of(0x3c00, 0xc100, 0x0001)));
    expect(parseNpy(halves).data).toEqual(Float32Array.of(1, -2.5, 2 ** -24));
  });

  it("brings Fortran order into row-major order", () => {
    const body = bytesOf(Int32Array.of(0, 3, 1, 4, 2, 5));
    expect(parseNpy(npy("<i4", "(2, 3)", body, "True")).data).toEqual(Int32Array.of(0, 1, 2, 3, 4, 5));
    const cube = new Uint8Array(24);
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 3; j++) for (let k = 0; k < 4; k++) cube[i + 2 * j + 6 * k] = 12 * i + 4 * j + k;
    expect([...parseNpy(npy("|u1", "(2, 3, 4)", cube, "True")).data]).toEqual(Array.from({ length: 24 }, (_, i) => i));
  });

  it("reads the other byte order", () => {
    const swapped = (values: ArrayBufferView, size: 2 | 4 | 8) => {
      const bytes = Buffer.from(new Uint8Array(bytesOf(values)));
      return size === 2 ? bytes.swap16() : size === 4 ? bytes.swap32() : bytes.swap64();
    };
    const floats = Float32Array.of(0.5, -1, 2, 3e5);
    expect(parseNpy(npy(">f4", "(2, 2)", swapped(floats, 4)))).toEqual({ data: floats, shape: [2, 2] });
    expect(parseNpy(npy(">i2", "(2,)", swapped(Int16Array.of(1, -2), 2))).data).toEqual(Int16Array.of(1, -2));
    expect(parseNpy(npy(">i8", "(2,)", swapped(BigInt64Array.of(1n, -2n), 8))).data).toEqual(BigInt64Array.of(1n, -2n));
    expect(parseNpy(npy(">f8", "(1,)", swapped(Float64Array.of(Math.PI), 8))).data).toEqual(Float64Array.of(Math.PI));
    expect(() => parseNpy(npy(">f4", "(2,)", swapped(floats, 4)), "a.npy")).toThrow("truncated or damaged");
    expect(() => parseNpy(npy(">f4", "(2,)", new Uint8Array(7)), "a.npy")).toThrow("a.npy: not a .npy file");
  });

  it("leaves the bytes that it was given as they are", () => {
    const file = npy(">i2", "(1,)", Uint8Array.of(1, 0));
    const copy = new Uint8Array(file);
    expect(parseNpy(file).data).toEqual(Int16Array.of(256));
    expect(new Uint8Array(file)).toEqual(copy);
  });

  it("reads bytes that lie inside a larger buffer", () => {
    const file = npy("|u1", "(2,)", Uint8Array.of(7, 9));
    const shifted = Buffer.concat([Buffer.from("x"), file]).subarray(1);
    expect(parseNpy(shifted).data).toEqual(Uint8Array.of(7, 9));
  });

  it("refuses what it cannot read, naming the file", () => {
    const body = bytesOf(Int32Array.of(1, 2));
    expect(() => parseNpy(npy("<i4", "(3,)", body), "a.npy")).toThrow("a.npy: truncated or damaged: 2 values found");
    expect(() => parseNpy(npy("<i4", "(2,)", body.subarray(0, 7)), "a.npy")).toThrow("a.npy: not a .npy file");
    expect(() => parseNpy(npy("<c8", "(1,)", body), "a.npy")).toThrow('values of type "c8"');
    expect(() => parseNpy(npy("<U1", "(2,)", body), "a.npy")).toThrow('values of type "U1"');
    expect(() => parseNpy(npy("|O", "(2,)", body), "a.npy")).toThrow("Unsupported dtype: |O");
    expect(() => parseNpy(new Uint8Array(3), "a.npy")).toThrow("a.npy: not a .npy file");
    expect(() => parseNpy(Buffer.from("PK not numpy at all"), "a.npy")).toThrow("a.npy: not a .npy file");
  });
});

describe("writeNpy", () => {
  it("writes what parseNpy reads back, Int32Array as int64", () => {
    const floats = Float32Array.of(0.5, -1, 2, Number.NaN, 1e-30, 3);
    expect(parseNpy(writeNpy(floats, [2, 3]))).toEqual({ data: floats, shape: [2, 3] });
    const pairs = parseNpy(writeNpy(Int32Array.of(5, -1), [1, 2]));
    expect(pairs).toEqual({ data: BigInt64Array.of(5n, -1n), shape: [1, 2] });
    expect(parseNpy(writeNpy(new Int32Array(0), [0, 2])).shape).toEqual([0, 2]);
    expect(() => writeNpy(floats, [2, 2])).toThrow("shape (2, 2) for 6 values");
  });

  it.skipIf(!numpy)("writes what NumPy reads, and reads what NumPy writes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "npy-"));
    try {
      const path = (name: string) => join(folder, name);
      writeFileSync(path("a.npy"), writeNpy(Int32Array.of(1, 2, 3, -4, 5, 6), [3, 2]));
      writeFileSync(path("b.npy"), writeNpy(Float32Array.of(0.25, 0.5)));
      const script = `import numpy as np, os; os.chdir(${JSON.stringify(folder)})
a, b = np.load("a.npy"), np.load("b.npy"); print(a.dtype, a.tolist(), b.dtype, b.tolist())
np.save("c.npy", np.asfortranarray(np.arange(6, dtype=np.float64).reshape(2, 3)))`;
      const printed = execFileSync("python3", ["-c", script], { encoding: "utf8" });
      expect(printed.trim()).toBe("int64 [[1, 2], [3, -4], [5, 6]] float32 [0.25, 0.5]");
      expect(await readNpy(path("c.npy"))).toEqual({ data: Float64Array.of(0, 1, 2, 3, 4, 5), shape: [2, 3] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("parseNpyStrings", () => {
  const utf32 = (text: string, length: number, write: "writeUInt32LE" | "writeUInt32BE") => {
    const bytes = Buffer.alloc(4 * length);
    for (const [i, character] of [...text].entries()) bytes[write](character.codePointAt(0) as number, 4 * i);
    return bytes;
  };

  it("reads Unicode in both byte orders, and bytes", () => {
    const words = ["owl", "p\u00eache", "\u{1f431}"];
    for (const [descr, write] of [
      ["<U5", "writeUInt32LE"],
      [">U5", "writeUInt32BE"],
    ] as const) {
      const body = Buffer.concat(words.map((word) => utf32(word, 5, write)));
      expect(parseNpyStrings(npy(descr, "(3,)", body), "a.npy")).toEqual(words);
      expect(() => parseNpyStrings(npy(descr, "(4,)", body), "a.npy")).toThrow("a.npy: truncated or damaged: 60 bytes");
    }
    expect(parseNpyStrings(npy("|S3", "(2, 1)", Buffer.from("owla\0\0")), "a.npy")).toEqual(["owl", "a"]);
  });

  it("leaves everything else to parseNpy", () => {
    expect(parseNpyStrings(npy("<i4", "(1,)", new Uint8Array(4)), "a.npy")).toBeNull();
    expect(parseNpyStrings(Buffer.from("PK not numpy"), "a.npy")).toBeNull();
  });
});
