import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { readDataSet } from "../../formats.js";

const folder = temporaryFolder();
/** An IDX file of unsigned bytes that count up. */
function idx(shape: number[], values?: number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x0800 | shape.length);
  shape.forEach((side, i) => {
    header.writeUInt32BE(side, 4 + 4 * i);
  });
  const size = shape.reduce((product, side) => product * side, 1);
  return Buffer.concat([header, Uint8Array.from(values ?? Array.from({ length: size }, (_, i) => i))]);
}
const images = idx([3, 2, 4]);
const labels = idx([3], [2, 0, 1]);

describe("IDX", () => {
  it.each([
    [
      "plain names",
      "train-images-idx3-ubyte",
      "train-labels-idx1-ubyte",
      "t10k-images-idx3-ubyte",
      "t10k-labels-idx1-ubyte",
    ],
    [
      "dotted names",
      "train-images.idx3-ubyte",
      "train-labels.idx1-ubyte",
      "t10k-images.idx3-ubyte",
      "t10k-labels.idx1-ubyte",
    ],
    [
      "EMNIST's names",
      "emnist-a-train-images-idx3-ubyte",
      "emnist-a-train-labels-idx1-ubyte",
      "emnist-a-test-images-idx3-ubyte",
      "emnist-a-test-labels-idx1-ubyte",
    ],
  ])("reads %s, gzipped or not", async (name, trainImages, trainLabels, testImages, testLabels) => {
    const path = folder(name, {
      [trainImages]: images,
      [`${trainLabels}.gz`]: gzipSync(labels),
      [`${testImages}.gz`]: gzipSync(idx([1, 2, 4])),
      [testLabels]: idx([1], [1]),
    });
    const { format, classes, train, test, notes } = await readDataSet(path);
    expect(format).toBe("idx");
    expect(notes).toEqual(
      trainImages.startsWith("emnist")
        ? [
            "EMNIST's images are stored transposed (mirrored, and turned by 90 degrees); they are used as they are stored",
          ]
        : [],
    );
    expect(classes).toEqual(["0", "1", "2"]);
    expect(train).toEqual({
      values: Uint8Array.from({ length: 24 }, (_, i) => i),
      shape: [1, 2, 4],
      labels: Int32Array.of(2, 0, 1),
    });
    expect(test?.labels).toEqual(Int32Array.of(1));
  });

  it("takes the unpacked file where the gzipped one lies beside it, and passes over folders of that name", async () => {
    const path = folder("both", {
      "train-images-idx3-ubyte": images,
      "train-images-idx3-ubyte.gz": "damaged",
      "train-labels.idx1-ubyte": labels,
      "train-labels-idx1-ubyte/train-labels-idx1-ubyte": labels,
    });
    const { train, test, notes } = await readDataSet(path);
    expect(train.labels).toHaveLength(3);
    expect(test).toBeNull();
    expect(notes).toEqual(["there is no test set"]);
  });

  it.each([
    [
      "truncated",
      { "train-images-idx3-ubyte": images.subarray(0, 30) },
      "is truncated or damaged: 30 bytes; expected 40",
    ],
    ["longer", { "train-images-idx3-ubyte": Buffer.concat([images, images]) }, "80 bytes; expected 40"],
    ["gz", { "train-images-idx3-ubyte.gz": gzipSync(images).subarray(0, 20) }, "it cannot be unpacked"],
    ["no header", { "train-images-idx3-ubyte": "" }, "begins with -1 and has 0 bytes; expected an IDX header"],
    ["swapped", { "train-images-idx3-ubyte": labels }, "begins with 2049 and has 11 bytes; expected an IDX header"],
    ["count", { "train-images-idx3-ubyte": idx([2, 2, 4]) }, "2 samples of shape (1, 2, 4) and 3 labels"],
    ["alone", {}, "has train-labels-idx1-ubyte without its images"],
    ["several", { "a-train-images-idx3-ubyte": images, "b-train-images-idx3-ubyte": images }, "has several data sets"],
  ])("refuses what is damaged or missing: %s", async (name, files, message) => {
    const path = folder(`bad ${name}`, { "train-labels-idx1-ubyte": labels, ...files });
    await expect(readDataSet(path)).rejects.toThrow(message);
  });

  it("leaves out test samples of a class that training lacks, and the test set where none is left", async () => {
    const read = (count: number, values: number[]) => {
      const test = { "t10k-images-idx3-ubyte": idx([count, 2, 4]), "t10k-labels-idx1-ubyte": idx([count], values) };
      const files = { "train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": labels, ...test };
      return readDataSet(folder(`range ${count}`, files));
    };
    const some = await read(2, [3, 1]);
    expect(some.test?.labels).toEqual(Int32Array.of(1));
    expect(some.notes).toEqual(["left out: 1 of 2 test samples, of classes that training lacks: 3"]);
    expect((await read(1, [3])).test).toBeNull();
  });

  it("keeps labels that begin at 1, as EMNIST's letters do, without a class that no sample has", async () => {
    const files = { "train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": idx([3], [2, 1, 3]) };
    const { classes, train } = await readDataSet(folder("letters", files));
    expect({ classes, labels: train.labels }).toEqual({ classes: ["1", "2", "3"], labels: Int32Array.of(1, 0, 2) });
  });
});
