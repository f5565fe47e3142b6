// What every data set must hold, whatever format it came in: checked once, here.
import { InputError } from "../errors.js";
import type { DataSet, ReadOptions, Samples } from "./types.js";

/**
 * Hands back a data set that training can rely on.
 *
 * Throws `InputError` on an empty part, values that do not fill their shape, a label out of range, a test set of another
 * shape, a value that is not finite, and, unless `singleClass` or `unlabeled`, fewer than two classes or training samples of
 * one only. With `unlabeled` a training sample may have the label -1, which is none.
 */
export function validated(data: DataSet, { singleClass = false, unlabeled = false }: ReadOptions = {}): DataSet {
  const { train, test, classes } = data;
  const fewClasses = singleClass || unlabeled;
  if (classes.length < 2 && !fewClasses) {
    throw new InputError(`only one class found, "${classes[0] ?? ""}"; expected samples of two classes or more`);
  }
  checkSamples("training", train, classes, unlabeled ? -1 : 0);
  if (!fewClasses && train.labels.every((label) => label === train.labels[0])) {
    throw new InputError(`all training samples are of the class "${classes[train.labels[0]!]}"; expected two or more`);
  }
  if (test !== null) {
    checkSamples("test", test, classes, 0);
    if (String(test.shape) !== String(train.shape)) {
      throw new InputError(
        `test samples have shape ${show(test.shape)}; expected ${show(train.shape)}, as in training`,
      );
    }
  }
  return data;
}

/** Throws `InputError` where there are more or fewer values than the labels' samples have. */
export function requireAsMany(samples: Samples, part = "test"): void {
  if (samples.kind === "streamed") return;
  const { values, shape, labels } = samples;
  const size = shape.reduce((product, side) => product * side, 1);
  if (values.length === labels.length * size) return;
  const received = `${values.length / size} samples of shape ${show(shape)}`;
  throw new InputError(`the ${part} set has ${received} and ${labels.length} labels; expected as many of both`);
}

function checkSamples(part: string, samples: Samples, classes: readonly string[], leastLabel: number): void {
  const { shape, labels, files } = samples;
  const size = shape.reduce((product, side) => product * side, 1);
  if (labels.length === 0) throw new InputError(`the ${part} set is empty; expected at least one sample`);
  if (size === 0) throw new InputError(`${part} samples have shape ${show(shape)}, which holds no values`);
  requireAsMany(samples, part);
  const name = (i: number) => `${part} sample ${i}${files === undefined ? "" : ` (${files[i]})`}`;
  const wrong = labels.findIndex((label) => label < leastLabel || label >= classes.length);
  if (wrong >= 0) {
    throw new InputError(`${name(wrong)}: label ${labels[wrong]} is out of range; expected 0 to ${classes.length - 1}`);
  }
  if (samples.kind === "streamed" || samples.values instanceof Uint8Array) return;
  const { values } = samples;
  const strange = values.findIndex((value) => !Number.isFinite(value));
  if (strange >= 0) {
    throw new InputError(`${name(Math.floor(strange / size))}: holds ${values[strange]}; expected finite numbers`);
  }
}

function show(shape: readonly number[]): string {
  return `(${shape.join(", ")})`;
}
