import { describe, expect, it } from "vitest";
import { readHeld } from "../../../test/support/held.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { InputError } from "../../errors.js";
import { readDataSet } from "../formats.js";

const folder = temporaryFolder();
const [side, size] = [96, 3 * 96 * 96];

/** The value of a pixel, different for every place. */
const pixel = (i: number, c: number, y: number, x: number) => (11 * i + 60 * c + 7 * y + x) % 256;
const placeOf = (k: number) => [Math.floor(k / size), Math.floor(k / side ** 2) % 3] as const;
/** Pictures from number `first` as the files hold them, a plane's columns one after the other. */
const inColumns = (n: number, first = 0) =>
  Uint8Array.from({ length: n * size }, (_, k) => {
    const [i, c] = placeOf(k);
    return pixel(first + i, c, k % side, Math.floor(k / side) % side);
  });
const inRows = (n: number, first = 0) =>
  Uint8Array.from({ length: n * size }, (_, k) => {
    const [i, c] = placeOf(k);
    return pixel(first + i, c, Math.floor(k / side) % side, k % side);
  });

const labeled = { "train_X.bin": inColumns(3), "train_y.bin": Uint8Array.of(1, 10, 4) };
const tested = { "test_X.bin": inColumns(2, 3), "test_y.bin": Uint8Array.of(2, 3) };
const names = ["airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck"];

describe("STL-10", () => {
  it("is read with its labels from 0 and its pixels row by row, the unlabeled part left out", async () => {
    const others = { "unlabeled_X.bin": "never read", "fold_indices.txt": "0 1 2 \n" };
    const path = folder("whole", { ...labeled, ...tested, ...others });
    const { format, classes, train, test, notes } = await readHeld(path);
    expect({ format, classes, notes }).toEqual({
      format: "stl-10",
      classes: names,
      notes: ["left out: unlabeled_X.bin, fold_indices.txt"],
    });
    expect(train).toEqual({ values: inRows(3), shape: [3, side, side], labels: Int32Array.of(0, 9, 3) });
    expect(test).toEqual({ values: inRows(2, 3), shape: [3, side, side], labels: Int32Array.of(1, 2) });
  });

  it("gives the unlabeled pictures after the training ones where labels are not asked for", async () => {
    const path = folder("without labels", { ...labeled, "unlabeled_X.bin": inColumns(2, 3) });
    const { train, notes } = await readHeld(path, { unlabeled: true });
    expect(train.labels).toEqual(Int32Array.of(0, 9, 3, -1, -1));
    expect(train.values).toEqual(inRows(5));
    expect(notes).toEqual(["no test_X.bin: there is no test set"]);
    const alone = folder("unlabeled alone", { "unlabeled_X.bin": inColumns(2) });
    expect((await readDataSet(alone, { unlabeled: true })).train.labels).toEqual(Int32Array.of(-1, -1));
    await expect(readDataSet(alone)).rejects.toThrow("has no train_X.bin");
  });

  it("takes its classes from class_names.txt", async () => {
    const path = folder("named", { ...labeled, "class_names.txt": `${names.join("s\n")}s\n` });
    expect((await readDataSet(path)).classes[9]).toBe("trucks");
  });

  it.each<[string, Record<string, Uint8Array | string>, string]>([
    [
      "pictures cut",
      { "train_X.bin": inColumns(3).subarray(0, 60_000) },
      "train_X.bin is truncated or damaged: 60000 bytes; expected 138240000 (the official file)",
    ],
    ["no pictures", { "train_X.bin": "" }, "train_X.bin is truncated or damaged: 0 bytes"],
    ["labels cut", { "train_y.bin": Uint8Array.of(1, 2) }, "train_y.bin has 2 labels; expected 3"],
    [
      "a label out of range",
      { "train_y.bin": Uint8Array.of(1, 0, 3) },
      "train_y.bin, picture 1: label 0 is out of range; expected 1 to 10",
    ],
    ["class names cut", { "class_names.txt": "airplane\nbird\n" }, "class_names.txt: 2 class names; expected 10"],
  ])("refuses %s in one line", async (what, files, message) => {
    const error = await readHeld(folder(`bad ${what}`, { ...labeled, ...files })).catch((caught: Error) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain("\n");
  });

  it("refuses pictures without the file of their labels", async () => {
    const path = folder("labels gone", { "train_X.bin": inColumns(3) });
    await expect(readDataSet(path)).rejects.toThrow("train_y.bin");
  });
});
