// SVHN's cropped digits: `train_32x32.mat` and `test_32x32.mat`, MATLAB files of pictures X and labels y.
// @see http://ufldl.stanford.edu/housenumbers
import { join } from "node:path";
import { InputError } from "../../errors.js";
import { fileNames, kindOf } from "../files.js";
import type { DataSet, Format, Samples } from "../types.js";
import { type MatArray, readMat } from "./arrays/mat.js";

const side = 32;
const pixels = side * side;
const digits = Array.from({ length: 10 }, (_, i) => String(i));
const [trainFile, testFile, extraFile] = ["train_32x32.mat", "test_32x32.mat", "extra_32x32.mat"] as const;

/** The folder with the files of the official names, of which `extra_32x32.mat` is left out, or any one such file. */
export const svhn: Format = {
  name: "svhn",
  detect: async (path) => {
    if ((await kindOf(path)) === "file") return path.toLowerCase().endsWith(".mat");
    return (await fileNames(path)).some((name) => [trainFile, testFile].includes(name as never));
  },
  async read(path): Promise<DataSet> {
    const set = { format: "svhn", classes: digits };
    if ((await kindOf(path)) === "file") {
      return { ...set, train: await readDigits(path), test: null, notes: ["a single file: there is no test set"] };
    }
    const names = await fileNames(path);
    if (!names.includes(trainFile)) throw new InputError(`"${path}" has no ${trainFile}`);
    const train = await readDigits(join(path, trainFile));
    const test = names.includes(testFile) ? await readDigits(join(path, testFile)) : null;
    const notes = test === null ? [`no ${testFile}: there is no test set`] : [];
    if (names.includes(extraFile)) notes.push(`left out: ${extraFile}`);
    return { ...set, train, test, notes };
  },
};

async function readDigits(file: string): Promise<Samples> {
  const [images, labels] = (await readMat(file, ["X", "y"])) as [MatArray, MatArray];
  const values = planesOf(file, images);
  const samples = values.length / (3 * pixels);
  if (labels.values.length !== samples) {
    throw new InputError(`${file}: ${samples} pictures in X and ${labels.values.length} labels in y; expected as many`);
  }
  return { values, shape: [3, side, side], labels: Int32Array.from(labels.values, digitOf(file)) };
}

/** (height, width, 3, n) in column-major order to (n, 3, height, width) in row-major order: every plane is transposed. */
function planesOf(file: string, { shape, values }: MatArray): Uint8Array {
  // MATLAB drops a last dimension of 1.
  const fits = shape.length <= 4 && [side, side, 3].every((size, i) => shape[i] === size);
  if (!fits || !(values instanceof Uint8Array)) {
    const found = `${shape.join(" x ")}${values instanceof Uint8Array ? "" : ", not of bytes"}`;
    throw new InputError(`${file}: X is ${found}; expected ${side} x ${side} x 3 x n of uint8`);
  }
  const planes = new Uint8Array(values.length);
  for (let start = 0; start < values.length; start += pixels) {
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        planes[start + row * side + column] = values[start + column * side + row]!;
      }
    }
  }
  return planes;
}

/** The files call the digit 0 ten. */
function digitOf(file: string): (label: number, i: number) => number {
  return (label, i) => {
    if (Number.isInteger(label) && label >= 0 && label <= 10) return label % 10;
    throw new InputError(
      `${file}, record ${i}: label ${label} is out of range; expected 1 to 10, which is the digit 0`,
    );
  };
}
