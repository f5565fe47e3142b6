// CIFAR-10 and CIFAR-100 in their binary form: records of label bytes and 3 x 32 x 32 pixels.
// @see https://www.cs.toronto.edu/~kriz/cifar.html
import { join } from "node:path";
import { InputError } from "../../errors.js";
import { fileNames, kindOf, readBytes } from "../files.js";
import type { Format, Samples } from "../types.js";

interface Variant {
  readonly name: string;
  /** The label bytes before a record's pixels; the last of them is the class used. */
  readonly labelBytes: number;
  /** The size in bytes of each official file, for messages. */
  readonly officialSize: Readonly<Record<"train" | "test", number>>;
  readonly classFile: string;
  readonly classes: readonly string[];
  readonly testFile: string;
  readonly trainFiles: number;
  isTrainFile(name: string): boolean;
}

const pixels = 3 * 32 * 32;

/** CIFAR-10: `data_batch_1.bin` to `data_batch_5.bin`, `test_batch.bin` and, where it is there, `batches.meta.txt`. */
export const cifar10 = cifar({
  name: "cifar-10",
  labelBytes: 1,
  officialSize: { train: 30_730_000, test: 30_730_000 },
  classFile: "batches.meta.txt",
  classes: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
  testFile: "test_batch.bin",
  trainFiles: 5,
  isTrainFile: (name) => /^data_batch_\d+\.bin$/.test(name),
});

/** CIFAR-100: `train.bin`, `test.bin` and, where it is there, `fine_label_names.txt`; the fine labels are used. */
export const cifar100 = cifar({
  name: "cifar-100",
  labelBytes: 2,
  officialSize: { train: 153_700_000, test: 30_740_000 },
  classFile: "fine_label_names.txt",
  classes: Array.from({ length: 100 }, (_, i) => String(i)),
  testFile: "test.bin",
  trainFiles: 1,
  isTrainFile: (name) => name === "train.bin",
});

function cifar(variant: Variant): Format {
  return {
    name: variant.name,
    detect: async (path) => (await fileNames(path)).some((name) => variant.isTrainFile(name)),
    async read(path) {
      const names = await fileNames(path);
      const trainFiles = names.filter(variant.isTrainFile).sort((a, b) => batchNumber(a) - batchNumber(b));
      checkComplete(path, trainFiles, variant);
      const classes = await classNames(path, variant);
      const train = await readRecords(path, trainFiles, "train", variant);
      const hasTest = names.includes(variant.testFile);
      const test = hasTest ? await readRecords(path, [variant.testFile], "test", variant) : null;
      const notes = hasTest ? [] : [`no ${variant.testFile}: there is no test set`];
      const { length } = trainFiles;
      if (length < variant.trainFiles) notes.push(`${length} of ${variant.trainFiles} training files found`);
      return { format: variant.name, classes, train, test, notes };
    },
  };
}

const batchNumber = (name: string) => Number(/\d+/.exec(name)?.[0] ?? 0);

/** Batches are numbered from 1: a gap is a file that was lost. */
function checkComplete(path: string, trainFiles: readonly string[], { name, labelBytes }: Variant): void {
  if (trainFiles.length === 0) throw new InputError(`"${path}" has no training files of ${name}`);
  if (labelBytes === 2) return;
  trainFiles.forEach((file, i) => {
    if (batchNumber(file) !== i + 1) throw new InputError(`"${path}" has ${file} and no data_batch_${i + 1}.bin`);
  });
}

async function classNames(path: string, { classFile, classes }: Variant): Promise<readonly string[]> {
  const file = join(path, classFile);
  if ((await kindOf(file)) !== "file") return classes;
  const names = (await readBytes(file)).toString("utf8").split(/\r?\n/);
  const given = names.map((name) => name.trim()).filter((name) => name !== "");
  if (given.length === classes.length) return given;
  throw new InputError(`${file}: ${given.length} class names; expected ${classes.length}`);
}

async function readRecords(
  path: string,
  names: readonly string[],
  part: "train" | "test",
  { labelBytes, officialSize, classes }: Variant,
): Promise<Samples> {
  const recordSize = labelBytes + pixels;
  const parts: Buffer[] = [];
  for (const name of names) {
    const bytes = await readBytes(join(path, name));
    checkSize(join(path, name), bytes.length, recordSize, officialSize[part]);
    parts.push(bytes);
  }
  const count = parts.reduce((sum, bytes) => sum + bytes.length, 0) / recordSize;
  const values = new Uint8Array(count * pixels);
  const labels = new Int32Array(count);
  let i = 0;
  parts.forEach((bytes, file) => {
    for (let start = 0; start < bytes.length; start += recordSize, i++) {
      const label = bytes[start + labelBytes - 1]!;
      if (label >= classes.length) {
        const where = `${join(path, names[file]!)}, record ${start / recordSize}`;
        throw new InputError(`${where}: label ${label} is out of range; expected 0 to ${classes.length - 1}`);
      }
      labels[i] = label;
      values.set(bytes.subarray(start + labelBytes, start + recordSize), i * pixels);
    }
  });
  return { values, shape: [3, 32, 32], labels };
}

function checkSize(file: string, size: number, recordSize: number, official: number): void {
  if (size > 0 && size % recordSize === 0) return;
  const expected = `expected ${official} (the official file), or another multiple of the ${recordSize} of a record`;
  throw new InputError(`${file} is truncated or damaged: ${size} bytes; ${expected}`);
}
