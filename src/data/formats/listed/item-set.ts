// Samples that are listed, each with its image and label, as a data set.
import { InputError } from "../../../errors.js";
import { leftOut, listed } from "../../listed.js";
import type { PartName } from "../../part-names.js";
import type { DataSet, ReadOptions } from "../../types.js";
import { classesOf, isMissing, lookAlikes, noClasses, numbersOf, type WrittenLabel } from "../classes.js";
import type { ImageEntry } from "../images/each-image.js";
import { readImages } from "../images/images.js";

/** A sample. */
export interface Item extends WrittenLabel {
  /** Its image's path from the set's folder, or an absolute one; it may lead into a parquet file or tar shard. */
  readonly file: string;
  readonly part: PartName;
}

export interface Items {
  readonly items: readonly Item[];
  readonly notes: readonly string[];
}

export interface ItemSet extends Items {
  readonly format: string;
  /** What was read, for messages. */
  readonly path: string;
  /** The folder that files are relative to. */
  readonly folder: string;
  /** The classes in their order (default: the training labels, sorted). */
  readonly classes?: readonly string[];
  /** Samples without a label are left out with a note (default: those for training are refused). */
  readonly mayLackLabels?: boolean;
}

/**
 * The images of all items, decoded or streamed. Samples for validation or test of a class that training lacks are left out.
 *
 * Throws `InputError` without a training sample, on a training label that is missing, and as `readImages` does.
 */
export async function readItemSet(set: ItemSet, options: ReadOptions): Promise<DataSet> {
  const { items, notes } = set.mayLackLabels && !options.unlabeled ? labeled(set) : set;
  const ofPart = (...parts: PartName[]) => items.filter(({ part }) => parts.includes(part));
  const train = ofPart("train");
  if (train.length === 0) {
    const isForTraining = set.items.some(({ part }) => part === "train");
    throw new InputError(`${set.path}: ${isForTraining ? noLabels : noTraining}`);
  }
  const classes = set.classes ?? classesIn(train, options);
  const validation = known(ofPart("validation"), classes, "validation");
  const test = known(ofPart("test"), classes, "test");
  const kept = new Set([...train, ...validation.items]);
  const training = items.filter((item) => kept.has(item));
  const tested = entries(test.items, classes);
  const repeated = repeats([...training, ...test.items]);
  const lists = { folder: set.folder, train: entries(training, classes), test: tested.length === 0 ? null : tested };
  const images = await readImages(lists, options);
  const unused = leftOut(
    "rows to predict",
    ofPart("predict").map(({ file }) => file),
  );
  return {
    format: set.format,
    classes,
    ...images,
    notes: [
      ...notes,
      ...unused,
      ...lookAlikes(classes),
      ...repeated,
      ...validation.notes,
      ...test.notes,
      ...images.notes,
    ],
  };
}

const noTraining = "no row is for training; expected rows without a split, or of the split train";
const noLabels = "no training sample has a label; expected some that do";

/** The items that have a label, with a note on the others. */
function labeled({ items, notes }: Items): Items {
  const without = items.filter(({ text }) => isMissing(text));
  if (without.length === 0) return { items, notes };
  const note = `left out: ${without.length} of ${items.length} samples have no label: ${listed(
    without.map(({ file }) => file),
    3,
  )}`;
  return { items: items.filter(({ text }) => !isMissing(text)), notes: [...notes, note] };
}

/** The classes of the training rows; without labels, of those that have one. */
function classesIn(train: readonly Item[], { unlabeled }: ReadOptions): readonly string[] {
  const named = unlabeled ? train.filter(({ text }) => !isMissing(text)) : train;
  return named.length === 0 ? noClasses : classesOf(named);
}

/** The rows whose class is one of the training part's; the others are left out with a note. */
function known(items: readonly Item[], classes: readonly string[], part: string): Items {
  const numbers = numbersOf(items, classes);
  const unknown = items.filter((_, i) => numbers[i] === -1);
  if (unknown.length === 0) return { items, notes: [] };
  const names = [...new Set(unknown.map(({ text }) => (isMissing(text) ? "no label" : `"${text}"`)))];
  const note = `left out: ${unknown.length} of ${items.length} ${part} samples, of classes that training lacks: ${listed(names, 3)}`;
  return { items: items.filter((_, i) => numbers[i] !== -1), notes: [note] };
}

/** Lines on files that are listed again: in several parts, with several labels, or for nothing. */
function repeats(items: readonly Item[]): string[] {
  const first = new Map<string, Item>();
  const [inParts, relabeled, again] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const item of items) {
    const { file, text, part } = item;
    const earlier = first.get(file);
    if (earlier === undefined) first.set(file, item);
    else if (earlier.part !== part) inParts.add(`${file} (${earlier.part}, ${part})`);
    else if (earlier.text !== text) relabeled.add(`${file} (${earlier.text}, ${text})`);
    else again.add(file);
  }
  const line = (what: string, files: ReadonlySet<string>) =>
    files.size === 0 ? [] : [`${what} (${files.size}): ${listed([...files], 3)}`];
  return [
    ...line("files in several parts, so that accuracy on these parts is too high", inParts),
    ...line("files with several labels, all of which are kept", relabeled),
    ...line("files listed more than once, each time a sample", again),
  ];
}

function entries(items: readonly Item[], classes: readonly string[]): ImageEntry[] {
  const labels = numbersOf(items, classes);
  return items.map(({ file, part }, i) => ({
    file,
    label: labels[i] as number,
    ...(part === "validation" && { isValidation: true }),
  }));
}
