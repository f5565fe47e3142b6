import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readHeld } from "../../../test/support/held.js";
import { compressed, header, mat, matrix, type Variable } from "../../../test/support/mat-file.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { InputError } from "../../errors.js";
import { readDataSet } from "../formats.js";

const folder = temporaryFolder();
const fixtures = fileURLToPath(new URL("../../../test/fixtures/svhn", import.meta.url));

/** The value of a pixel, different for every place. */
const pixel = (i: number, c: number, y: number, x: number) => (11 * i + 60 * c + 7 * y + x) % 256;
const inColumns = (n: number) =>
  Array.from({ length: n * 3072 }, (_, k) =>
    pixel(Math.floor(k / 3072), Math.floor(k / 1024) % 3, k % 32, Math.floor(k / 32) % 32),
  );
const inRows = (n: number) =>
  Uint8Array.from({ length: n * 3072 }, (_, k) =>
    pixel(Math.floor(k / 3072), Math.floor(k / 1024) % 3, Math.floor(k / 32) % 32, k % 32),
  );
const pictures = (n: number): Variable => ({ name: "X", shape: [32, 32, 3, n], values: inColumns(n) });
const digits = (...values: number[]): Variable => ({ name: "y", shape: [values.length, 1], values, kind: 6 });

let count = 0;
const readOne = (bytes: Uint8Array) => readHeld(join(folder(`one ${count++}`, { "some.mat": bytes }), "some.mat"));

describe("SVHN", () => {
  it.each([
    ["little", false],
    ["little", true],
    ["big", false],
    ["big", true],
  ] as const)("is read from %s-endian files, compressed: %s", async (order, pack) => {
    const path = folder(`set ${order} ${pack}`, {
      "train_32x32.mat": mat([pictures(3), digits(1, 10, 9)], order, pack),
      "test_32x32.mat": mat([digits(2, 10), pictures(2)], order, pack),
      "extra_32x32.mat": "never read",
    });
    const { format, classes, train, test, notes } = await readHeld(path);
    expect({ format, classes, notes }).toEqual({
      format: "svhn",
      classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
      notes: ["left out: extra_32x32.mat"],
    });
    expect(train).toEqual({ values: inRows(3), shape: [3, 32, 32], labels: Int32Array.of(1, 0, 9) });
    expect(test).toEqual({ values: inRows(2), shape: [3, 32, 32], labels: Int32Array.of(2, 0) });
  });

  it("is read as scipy writes it, compressed with other variables beside, and not compressed", async () => {
    const { train, test, notes } = await readHeld(fixtures);
    expect(notes).toEqual([]);
    expect(train.labels).toEqual(Int32Array.from({ length: 12 }, (_, i) => (i + 1) % 10));
    expect(test?.labels).toEqual(Int32Array.of(1, 2, 3));
    const value = (i: number, c: number, y: number, x: number) => (7 * i + 50 * c + 3 * x + y) % 256;
    const expected = train.values.map((_, k) =>
      value(Math.floor(k / 3072), Math.floor(k / 1024) % 3, Math.floor(k / 32) % 32, k % 32),
    );
    expect(train.values).toEqual(expected);
    expect(test?.values).toEqual(expected.slice(0, 3 * 3072).map((pixelValue) => (pixelValue + 100) % 256));
  });

  it("is taken from a single file of any name, with labels stored as doubles, and of one picture", async () => {
    const labels = { ...digits(7, 10), stored: [9, 8] as const };
    const { train, test, notes } = await readOne(mat([pictures(2), labels]));
    expect(train.labels).toEqual(Int32Array.of(7, 0));
    expect({ test, notes }).toEqual({ test: null, notes: ["a single file: there is no test set"] });
    const one = folder("one picture", { "test.mat": mat([{ ...pictures(1), shape: [32, 32, 3] }, digits(4)]) });
    const { train: only } = await readHeld(join(one, "test.mat"), { singleClass: true });
    expect(only.values).toEqual(inRows(1));
  });

  it("says what is not there", async () => {
    const train = mat([pictures(2), digits(1, 2)]);
    expect((await readDataSet(folder("bare", { "train_32x32.mat": train }))).notes).toEqual([
      "no test_32x32.mat: there is no test set",
    ]);
    await expect(readDataSet(folder("tests", { "test_32x32.mat": train }))).rejects.toThrow("has no train_32x32.mat");
  });

  const good = mat([pictures(2), digits(1, 2)]);
  const packedGood = mat([pictures(2), digits(1, 2)], "little", true);
  const changed = (bytes: Buffer, change: (copy: Buffer) => void) => {
    const copy = Buffer.from(bytes);
    change(copy);
    return copy;
  };
  it.each<[string, Uint8Array, string]>([
    ["an empty file", new Uint8Array(0), "(0 bytes) does not begin as a MAT file of level 5 does"],
    ["text", Buffer.from("dear reader ".repeat(20)), "does not begin as a MAT file"],
    ["a file of version 7.3", Buffer.concat([header("little", 2), good]), "this one is of version 7.3"],
    ["a header alone", good.subarray(0, 128), "has no variable X; it holds none"],
    [
      "a file cut in its pixels",
      good.subarray(0, 5000),
      "it ends at byte 5000, within 6200 bytes of data from byte 136",
    ],
    ["a file cut in a tag", good.subarray(0, 131), "it ends within a tag at byte 128"],
    ["compressed pixels cut", packedGood.subarray(0, 300), "truncated or damaged: it ends at byte 300"],
    ["compressed pixels broken", changed(packedGood, (copy) => copy.fill(0xff, 150, 200)), "cannot be unpacked"],
    [
      "a compressed variable longer than it says",
      Buffer.concat([
        header("little"),
        compressed(
          "little",
          changed(matrix("little", pictures(2)), (copy) => copy.writeUInt32LE(6000, 4)),
        ),
      ]),
      "cannot be unpacked",
    ],
    [
      "a compressed variable shorter than it says",
      Buffer.concat([
        header("little"),
        compressed(
          "little",
          changed(matrix("little", pictures(2)), (copy) => copy.writeUInt32LE(2 ** 31, 4)),
        ),
      ]),
      "a compressed variable has 6208 bytes; its tag says 2147483656",
    ],
    [
      "a shape that lies",
      mat([{ ...pictures(2), shape: [32, 32, 3, 2 ** 30] }, digits(1, 2)]),
      "the variable X has 6144 values; its shape is 32 x 32 x 3 x 1073741824",
    ],
    [
      "a tag that lies",
      changed(good, (copy) => copy.writeUInt32LE(0xfffffff0, 132)),
      "within 4294967280 bytes of data from byte 136",
    ],
    ["numbers of an unknown type", mat([pictures(2), { ...digits(1, 2), stored: [8, 1] }]), "the unknown type 8"],
    ["no labels", mat([pictures(2)]), "has no variable y; it holds X"],
    ["a cell of labels", mat([pictures(2), { ...digits(1, 2), kind: 1 }]), "the variable y holds an array of kind 1"],
    [
      "complex labels",
      mat([pictures(2), { ...digits(1, 2), complex: true }]),
      "y holds complex numbers; expected real",
    ],
    ["fewer labels than pictures", mat([pictures(3), digits(1, 2)]), "3 pictures in X and 2 labels in y"],
    ["a label out of range", mat([pictures(2), digits(1, 11)]), "record 1: label 11 is out of range; expected 1 to 10"],
    [
      "gray images",
      mat([{ name: "X", shape: [32, 32, 1], values: [...Array(1024).keys()] }, digits(1)]),
      "X is 32 x 32 x 1; expected 32 x 32 x 3 x n",
    ],
    [
      "pixels that are no bytes",
      mat([{ ...pictures(1), kind: 6, stored: [4, 2] }, digits(1)]),
      "X is 32 x 32 x 3 x 1, not of bytes; expected 32 x 32 x 3 x n of uint8",
    ],
  ])("refuses %s in one line", async (_, bytes, message) => {
    const error = await readOne(bytes).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain("\n");
  });

  it("refuses files cut or damaged anywhere, or reads them, and never fails otherwise", async () => {
    for (const bytes of [good, packedGood]) {
      for (let i = 0; i < 200; i++) {
        const place = Math.floor((i * Math.min(bytes.length, 400)) / 200);
        const broken =
          i % 2 === 0 ? bytes.subarray(0, place) : changed(bytes, (copy) => copy.fill(0xa5, place, place + 3));
        const error = await readOne(broken).catch((caught: unknown) => caught);
        if (error instanceof Error) expect(error).toBeInstanceOf(InputError);
      }
    }
  });
});
