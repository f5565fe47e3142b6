import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readHeld } from "../../../../test/support/held.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { readDataSet } from "../../formats.js";

const folder = temporaryFolder();
/** A record whose pixels count up from `start`. */
const record = (start: number, ...labels: number[]) =>
  Uint8Array.from([...labels, ...Array.from({ length: 3072 }, (_, i) => (start + i) % 256)]);
const batch = (...records: Uint8Array[]) => Buffer.concat(records);

describe("CIFAR-10", () => {
  it("reads the batches in their number's order, the test batch and the class names", async () => {
    const names = Array.from({ length: 10 }, (_, i) => `thing ${i}`);
    const path = folder("ten", {
      "data_batch_2.bin": batch(record(7, 3)),
      "data_batch_10.bin": batch(record(1, 9)),
      ...Object.fromEntries([1, 3, 4, 5, 6, 7, 8, 9].map((i) => [`data_batch_${i}.bin`, batch(record(0, 0))])),
      "test_batch.bin": batch(record(2, 1), record(3, 2)),
      "batches.meta.txt": `${names.join("\n")}\n\n`,
    });
    const { format, classes, train, test, notes } = await readHeld(path);
    expect({ format, classes, notes }).toEqual({ format: "cifar-10", classes: names, notes: [] });
    expect(train.labels).toEqual(Int32Array.of(0, 3, 0, 0, 0, 0, 0, 0, 0, 9));
    expect(train.shape).toEqual([3, 32, 32]);
    expect(train.values.subarray(3072, 3075)).toEqual(Uint8Array.of(7, 8, 9));
    expect(train.values.at(-1)).toBe(1 + 3071 - 256 * 12);
    expect(test?.labels).toEqual(Int32Array.of(1, 2));
  });

  it("says what is not there: a test batch, official batches", async () => {
    const path = folder("bare", { "data_batch_1.bin": batch(record(0, 0), record(0, 1)) });
    const { classes, test, notes } = await readHeld(path);
    expect(classes[3]).toBe("cat");
    expect(test).toBeNull();
    expect(notes).toEqual(["no test_batch.bin: there is no test set", "1 of 5 training files found"]);
  });

  it("names a truncated file, its expected and its actual size", async () => {
    const bytes = batch(record(0, 0), record(0, 1));
    const path = folder("short", { "data_batch_1.bin": bytes, "test_batch.bin": bytes.subarray(0, 5000) });
    await expect(readDataSet(path)).rejects.toThrow(
      `${join(path, "test_batch.bin")} is truncated or damaged: 5000 bytes; expected 30730000`,
    );
    const empty = folder("empty", { "data_batch_1.bin": "" });
    await expect(readDataSet(empty)).rejects.toThrow("data_batch_1.bin is truncated or damaged: 0 bytes");
  });

  it("refuses a lost batch, a label out of range, and a wrong number of class names", async () => {
    const good = batch(record(0, 0), record(0, 1));
    const gap = folder("gap", { "data_batch_1.bin": good, "data_batch_3.bin": good });
    await expect(readDataSet(gap)).rejects.toThrow("has data_batch_3.bin and no data_batch_2.bin");
    const range = folder("range", { "data_batch_1.bin": batch(record(0, 1), record(0, 10)) });
    await expect(readDataSet(range)).rejects.toThrow("record 1: label 10 is out of range; expected 0 to 9");
    const names = folder("names", { "data_batch_1.bin": good, "batches.meta.txt": "a\nb\n" });
    await expect(readDataSet(names)).rejects.toThrow("batches.meta.txt: 2 class names; expected 10");
  });
});

describe("CIFAR-100", () => {
  it("uses the fine labels", async () => {
    const path = folder("hundred", {
      "train.bin": batch(record(5, 19, 99), record(6, 3, 42)),
      "test.bin": batch(record(0, 1, 7)),
      "fine_label_names.txt": Array.from({ length: 100 }, (_, i) => `fine ${i}`).join("\n"),
    });
    const { format, classes, train, test } = await readHeld(path);
    expect(format).toBe("cifar-100");
    expect(classes[42]).toBe("fine 42");
    expect(train.labels).toEqual(Int32Array.of(99, 42));
    expect(train.values.subarray(0, 2)).toEqual(Uint8Array.of(5, 6));
    expect(test?.labels).toEqual(Int32Array.of(7));
  });

  it("names a truncated file", async () => {
    const path = folder("hundred-short", { "train.bin": batch(record(0, 1, 1)).subarray(0, 3073) });
    await expect(readDataSet(path)).rejects.toThrow("3073 bytes; expected 153700000");
  });
});
