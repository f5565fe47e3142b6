// NumPy arrays with their labels: an `.npz`, a folder of `.npy` files, or one `.npy` and the labels beside it.

import { InputError } from "../../../errors.js";
import { option } from "../../../options/index.js";
import { channelsFirst } from "../../channels-first.js";
import { fileNames, kindOf, readBytes } from "../../files.js";
import { samplesAt } from "../../split/test-part.js";
import type { ColumnOptions } from "../../tables/columns.js";
import { assignedRows, isArrayFile } from "../../tables/label-file.js";
import { type NpyArray, parseNpy } from "../../tables/npy.js";
import type { DataSet, Format, ReadOptions, Samples } from "../../types.js";
import { requireAsMany } from "../../validate.js";
import { classesOf, lookAlikes, type NumberedLabels, noClasses, numbersOf } from "../classes.js";
import { holdsImage } from "../folders/class-folders.js";
import { type KnownPart, withKnownClasses } from "../known-classes.js";
import { classesOfArray, parseLabels } from "./array-labels.js";
import { type ArrayFile, type ArraySource, chosenFile, isSource, openSource, type Place } from "./array-source.js";
import { withValidation } from "./with-validation.js";

const valueNames = ["x", "features", "embeddings", "images", "data"];
const labelNames = ["y", "labels", "label", "targets", "target"];

/** Where a part's arrays are looked for, `*` standing for one of the names above; separators and case do not count. */
const trainPlaces: readonly Place[] = ["*train", "train*", "*"];
const testPlaces: readonly Place[] = ["*test", "test*"];
const validationPlaces: readonly Place[] = [
  "*val",
  "val*",
  "*valid",
  "valid*",
  "*validation",
  "validation*",
  "*dev",
  "dev*",
];

/**
 * Embeddings (n, d) and images (n, h, w), (n, h, w, c) or (n, c, h, w), in `x_train`, `y_train`, `x_test`, `y_test` and such;
 * `x_val` and `y_val` are for validation.
 */
export const arrays: Format = {
  name: "arrays",
  async detect(path) {
    if (isSource(path)) return (await kindOf(path)) === "file";
    const names = (await fileNames(path)).filter((name) => name.endsWith(".npy"));
    if (names.length === 0) return false;
    const source = await openSource(path);
    const hasLabels = source.find(labelNames, trainPlaces) !== null;
    return source.find(valueNames, trainPlaces) !== null && (hasLabels || !(await holdsImage(path, 2)));
  },
  async read(path, options): Promise<DataSet> {
    const source = await openSource(path);
    const { values, labels } = locate(path, source);
    const { train, classes, notes } = await readTrain(path, await arrayIn(values), labels, options);
    const validation = await readPart("validation", path, source, classes);
    const test = await readPart("test", path, source, classes);
    return {
      format: "arrays",
      classes,
      ...withValidation(train, validation.samples),
      test: test.samples,
      ...(labels === null && options.labelsFile !== undefined && { labelsFile: options.labelsFile }),
      notes: [...notes, ...shapeNotes(train), ...validation.notes, ...test.notes],
    };
  },
};

const arrayIn = async (file: ArrayFile) => parseNpy(await file.read(), file.name);
const labelsIn = async (file: ArrayFile) => parseLabels(await file.read(), file.name);

/** The training arrays; the labels of a chosen `.npy` follow its own name. */
function locate(path: string, source: ArraySource): { values: ArrayFile; labels: ArrayFile | null } {
  const chosen = chosenFile(path);
  if (chosen !== null) {
    const values = source.get(chosen);
    if (values === null) throw new InputError(`"${path}" is no .npy file that can be read`);
    const place = trainPlaces.find((candidate) => valueNames.some((name) => candidate.replace("*", name) === chosen));
    const places: readonly Place[] = place === undefined ? [`${chosen}*`, `*${chosen}`, "*"] : [place];
    return { values, labels: source.find(labelNames, places) };
  }
  const values = source.find(valueNames, trainPlaces);
  if (values !== null) return { values, labels: source.find(labelNames, trainPlaces) };
  const expected = "expected x_train and y_train, x and y, or features and labels";
  throw new InputError(`"${path}" holds the arrays ${source.names.join(", ") || "(none)"}; ${expected}`);
}

type TrainArrays = Omit<NumberedLabels, "labels"> & { readonly train: Samples };

async function readTrain(
  path: string,
  values: NpyArray,
  labels: ArrayFile | null,
  options: ReadOptions,
): Promise<TrainArrays> {
  const { labels: numbers, classes, notes } = await trainLabels(path, values.shape[0] ?? 0, labels, options);
  const samples = samplesOf(path, values, numbers);
  const labeled = Int32Array.from(numbers.keys()).filter((i) => (numbers[i] as number) >= 0);
  if (options.unlabeled || labeled.length === numbers.length) return { train: samples, classes, notes };
  requireAsMany(samples, "training");
  const unlabeled = numbers.length - labeled.length;
  const note = `left out: ${unlabeled} of ${numbers.length} training samples, which have no label (-1, empty or nan)`;
  return { train: samplesAt(samples, labeled), classes, notes: [...notes, note] };
}

/** What the shape of samples was taken for, where that is a choice. */
function shapeNotes({ shape, ...samples }: Samples): string[] {
  if (samples.kind === "streamed" || samples.values instanceof Uint8Array || shape.length < 2) return [];
  const [channels, ...size] = shape;
  if (shape.length === 3)
    return channels === 1 || channels === 3
      ? []
      : [`samples are taken as images of ${size.join(" x ")} with ${channels} channels`];
  return [
    `samples of ${shape.join(" x ")} floats are taken as features, not as images: expected bytes, or (1, ${shape.join(", ")}) for images`,
  ];
}

async function trainLabels(
  path: string,
  count: number,
  labels: ArrayFile | null,
  { labelsFile, unlabeled, ...columns }: ReadOptions,
): Promise<NumberedLabels> {
  if (labels !== null) return classesOfArray(await labelsIn(labels), (i) => `${labels.name}, row ${i}`);
  if (labelsFile !== undefined) return labelsFromFile(labelsFile, count, columns);
  if (unlabeled) return { labels: new Int32Array(count).fill(-1), classes: noClasses, notes: [] };
  throw new InputError(
    `"${path}" has no labels; expected an array named y or labels beside it, or ${option("labels", "FILE")}`,
  );
}

/** The validation or test arrays; those beside a single chosen file only where that is the training part by its name. */
async function readPart(
  part: "validation" | "test",
  path: string,
  source: ArraySource,
  classes: readonly string[],
): Promise<KnownPart> {
  const chosen = chosenFile(path);
  const places = part === "test" ? testPlaces : validationPlaces;
  const isAlone = chosen !== null && !/train/.test(chosen);
  const values = isAlone ? null : source.find(valueNames, places);
  const labels = isAlone ? null : source.find(labelNames, places);
  if (values === null || labels === null) {
    return { samples: null, notes: part === "test" ? ["there is no test set"] : [] };
  }
  const written = await labelsIn(labels);
  const samples = samplesOf(path, await arrayIn(values), new Int32Array(written.length));
  requireAsMany(samples, part);
  return withKnownClasses(part, samples, classes, written);
}

/**
 * The label of each of `count` samples, from a file such as `readLabels` takes, and the classes that they name.
 *
 * Throws `InputError` where a sample has none.
 */
export async function labelsFromFile(
  file: string,
  count: number,
  columns: ColumnOptions = {},
): Promise<NumberedLabels> {
  const unlabeled = new Int32Array(count).fill(-1);
  if (isArrayFile(file)) {
    const values = parseLabels(await readBytes(file), file);
    if (values.length === count) return classesOfArray(values, (i) => `${file}, row ${i}`);
    throw new InputError(`${file}: ${values.length} labels; expected ${count}, one a sample`);
  }
  const { rows, notes } = await assignedRows(file, { labels: unlabeled }, columns);
  const written = rows.map(({ label, where }) => ({ text: label, where }));
  const classes = classesOf(written);
  const numbers = numbersOf(written, classes);
  for (const [row, { index }] of rows.entries()) unlabeled[index] = numbers[row] as number;
  const missing = unlabeled.indexOf(-1);
  if (missing >= 0) throw new InputError(`${file}: sample ${missing} has no label; expected one for each of ${count}`);
  return { labels: unlabeled, classes, notes: [...notes, ...lookAlikes(classes)] };
}

/**
 * Values as the rest of the package holds them: uint8 images channels first, everything else float32. Of three dimensions one of 1 or 3 is
 * the channels; of floats else the last where it is less than half of both others, and otherwise the first.
 */
function samplesOf(path: string, { data, shape }: NpyArray, labels: Int32Array): Samples {
  const [, ...sample] = shape;
  if (sample.length === 0) throw new InputError(`${path}: values have shape (${shape.join(", ")}); expected (n, ...)`);
  const values = data instanceof Uint8Array && sample.length >= 2 ? data : floats(data);
  if (sample.length === 2 && values instanceof Uint8Array) return { values, shape: [1, ...sample], labels };
  if (sample.length !== 3) return { values, shape: sample, labels };
  const [first, second, last] = sample as [number, number, number];
  const isColor = (side: number) => side === 1 || side === 3;
  if (isColor(first)) return { values, shape: sample, labels };
  if (isColor(last) || (values instanceof Float32Array && 2 * last < Math.min(first, second))) {
    return { values: channelsFirst(values, last, first * second), shape: [last, first, second], labels };
  }
  if (values instanceof Float32Array) return { values, shape: sample, labels };
  throw new InputError(`${path}: images have shape (${shape.join(", ")}); expected 1 or 3 channels, first or last`);
}

function floats(data: NpyArray["data"]): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float32Array.from(data, Number);
  return new Float32Array(data);
}
