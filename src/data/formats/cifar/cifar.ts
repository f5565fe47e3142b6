// CIFAR-10 and CIFAR-100, in their binary form or in that for Python.
// @see https://www.cs.toronto.edu/~kriz/cifar.html
import { join } from "node:path";
import { InputError } from "../../../errors.js";
import { fileNames } from "../../files.js";
import type { Format } from "../../types.js";
import { beginsAsPickle, namesInPickle, readBatches } from "./batches.js";
import { namesInText, readRecords } from "./records.js";
import { type CifarVariant, cifar10Variant, cifar100Variant } from "./variant.js";

/** CIFAR-10: `data_batch_1` to `data_batch_5`, `test_batch` and `batches.meta`, pickled, or with `.bin` and `batches.meta.txt`. */
export const cifar10 = cifar(cifar10Variant);

/** CIFAR-100: `train`, `test` and `meta`, pickled, or `train.bin`, `test.bin` and `fine_label_names.txt`; the fine labels are used. */
export const cifar100 = cifar(cifar100Variant);

function cifar(variant: CifarVariant): Format {
  return {
    name: variant.name,
    detect: async (path) => (await formOf(variant, path)) !== null,
    async read(path) {
      const form = await formOf(variant, path);
      if (form === null) throw new InputError(`"${path}" has no training files of ${variant.name}`);
      const names = await fileNames(path);
      const files = variant[form];
      const trainFiles = names.filter(files.isTrain).sort((a, b) => batchNumber(a) - batchNumber(b));
      checkComplete(path, trainFiles);
      const read = (part: "train" | "test", names: readonly string[]) =>
        form === "binary" ? readRecords(path, names, part, variant) : readBatches(path, names, variant);
      const classes = await (form === "binary" ? namesInText(path, variant) : namesInPickle(path, variant));
      const train = await read("train", trainFiles);
      const hasTest = names.includes(files.test);
      const test = hasTest ? await read("test", [files.test]) : null;
      const notes = hasTest ? [] : [`no ${files.test}: there is no test set`];
      const { length } = trainFiles;
      if (length < variant.trainFiles) notes.push(`${length} of ${variant.trainFiles} training files found`);
      return { format: variant.name, classes, train, test, notes };
    },
  };
}

/** The form of the files in a folder, the binary one first; null for none. */
async function formOf({ binary, pickles }: CifarVariant, path: string): Promise<"binary" | "pickles" | null> {
  const names = await fileNames(path);
  if (names.some(binary.isTrain)) return "binary";
  const train = names.find(pickles.isTrain);
  return train !== undefined && (await beginsAsPickle(join(path, train))) ? "pickles" : null;
}

const batchNumber = (name: string) => Number(/\d+/.exec(name)?.[0] ?? 0);

/** Batches are numbered from 1: a gap is a file that was lost. */
function checkComplete(path: string, trainFiles: readonly string[]): void {
  if (trainFiles.length === 1 && batchNumber(trainFiles[0] as string) === 0) return;
  trainFiles.forEach((file, i) => {
    const expected = file.replace(/\d+/, String(i + 1));
    if (file !== expected) throw new InputError(`"${path}" has ${file} and no ${expected}`);
  });
}
