// The checks of data that is given in memory: what readers make sure of for files.
import type { DataSet, Samples } from "../data/index.js";
import { InputError } from "../errors.js";

/** @throws InputError naming the part, the field and the value, for samples that do not fit their shape, their classes or one another. */
export function requireDataSet({ classes, train, validation, test, notes }: DataSet): void {
  if (!Array.isArray(notes))
    throw new InputError("the data's notes: received none; expected a list of lines, which may be empty");
  requireSamples("training", train, classes.length);
  const outside = validation?.find((index) => !(index >= 0 && index < train.labels.length));
  if (outside !== undefined) {
    throw new InputError(
      `the data's validation part: received sample ${outside}; expected 0 to ${train.labels.length - 1}`,
    );
  }
  if (test === null) return;
  requireSamples("test", test, classes.length);
  if (test.shape.join() === train.shape.join()) return;
  throw new InputError(
    `the test samples are of shape ${test.shape.join(" x ")}; expected ${train.shape.join(" x ")}, as the training samples`,
  );
}

function requireSamples(name: string, samples: Samples, classes: number): void {
  const { labels, shape } = samples;
  const wrong = labels.findIndex((label) => label >= classes || label < -1);
  if (wrong >= 0) {
    throw new InputError(
      `the label of ${name} sample ${wrong}: received ${labels[wrong]}; expected 0 to ${classes - 1}, or -1 for none`,
    );
  }
  if (!("values" in samples)) return;
  const expected = shape.reduce((product, length) => product * length, labels.length);
  const { length } = samples.values as ArrayLike<number>;
  if (length === expected) return;
  throw new InputError(
    `the values of the ${name} samples: received ${length}; expected ${expected}, for ${labels.length} samples of ${shape.join(" x ")}`,
  );
}
