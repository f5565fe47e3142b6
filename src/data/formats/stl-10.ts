// STL-10 in its binary form: planes of 96 x 96 pixels written column by column, labels from 1, and pictures without labels.
// @see https://cs.stanford.edu/~acoates/stl10
import { type FileHandle, open, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../errors.js";
import { fileNames, readBytes } from "../files.js";
import type { DataSet, Format, Samples } from "../types.js";

const side = 96;
const plane = side * side;
const pixels = 3 * plane;
/** Read at a time: the unlabeled images are more bytes than one read gives. */
const chunkPictures = 1000;

const defaultClasses = ["airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck"];
const [unlabeledFile, classFile, foldFile] = ["unlabeled_X.bin", "class_names.txt", "fold_indices.txt"] as const;
const officialPictures = { train: 5000, test: 8000, unlabeled: 100_000 } as const;

type Part = keyof typeof officialPictures;

/**
 * The folder with `train_X.bin`, `train_y.bin` and, where they are there, `test_X.bin`, `test_y.bin` and `unlabeled_X.bin`,
 * which is read to learn without labels only: its pictures then come after those of the training part.
 */
export const stl10: Format = {
  name: "stl-10",
  detect: async (path) => (await fileNames(path)).some((name) => [imagesOf("train"), unlabeledFile].includes(name)),
  async read(path, { unlabeled = false }): Promise<DataSet> {
    const names = await fileNames(path);
    const has = (part: Part) => names.includes(imagesOf(part));
    const classes = names.includes(classFile) ? await classNames(join(path, classFile)) : defaultClasses;
    const parts = (["train", "unlabeled"] as const).filter((part) => has(part) && (unlabeled || part === "train"));
    if (parts.length === 0) throw new InputError(`"${path}" has no ${imagesOf("train")}`);
    const train = await readParts(path, parts, classes);
    const test = has("test") ? await readParts(path, ["test"], classes) : null;
    const notes = test === null ? [`no ${imagesOf("test")}: there is no test set`] : [];
    const unused = [...(unlabeled ? [] : [unlabeledFile]), foldFile].filter((name) => names.includes(name));
    if (unused.length > 0) notes.push(`left out: ${unused.join(", ")}`);
    return { format: "stl-10", classes, train, test, notes };
  },
};

function imagesOf(part: Part): string {
  return `${part}_X.bin`;
}

async function classNames(file: string): Promise<readonly string[]> {
  const lines = (await readBytes(file)).toString("utf8").split(/\r?\n/);
  const names = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (names.length === defaultClasses.length) return names;
  throw new InputError(`${file}: ${names.length} class names; expected ${defaultClasses.length}`);
}

/** The parts one after the other; pictures without labels have the label -1. */
async function readParts(path: string, parts: readonly Part[], classes: readonly string[]): Promise<Samples> {
  const counts = await Promise.all(parts.map((part) => countPictures(join(path, imagesOf(part)), part)));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const samples = { values: new Uint8Array(total * pixels), shape: [3, side, side], labels: new Int32Array(total) };
  let first = 0;
  for (const [i, part] of parts.entries()) {
    const end = first + counts[i]!;
    await readPictures(join(path, imagesOf(part)), samples.values.subarray(first * pixels, end * pixels));
    if (part === "unlabeled") samples.labels.fill(-1, first, end);
    else samples.labels.set(await readClasses(join(path, `${part}_y.bin`), counts[i]!, classes.length), first);
    first = end;
  }
  return samples;
}

async function countPictures(file: string, part: Part): Promise<number> {
  const { size } = await stat(file);
  if (size > 0 && size % pixels === 0) return size / pixels;
  const expected = `expected ${officialPictures[part] * pixels} (the official file), or another multiple of the ${pixels} of a picture`;
  throw new InputError(`${file} is truncated or damaged: ${size} bytes; ${expected}`);
}

async function readPictures(file: string, into: Uint8Array): Promise<void> {
  const handle = await open(file);
  try {
    for (let at = 0; at < into.length; at += chunkPictures * pixels) {
      const bytes = await readChunk(handle, at, Math.min(chunkPictures * pixels, into.length - at));
      transposePlanes(bytes, into.subarray(at, at + bytes.length));
    }
  } finally {
    await handle.close();
  }
}

async function readChunk(handle: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const { bytesRead, buffer } = await handle.read(new Uint8Array(length), 0, length, at);
  if (bytesRead === length) return buffer;
  throw new InputError(`a file of STL-10 changed while it was read: it ends at byte ${at + bytesRead}`);
}

function transposePlanes(from: Uint8Array, to: Uint8Array): void {
  for (let start = 0; start < from.length; start += plane) {
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        to[start + row * side + column] = from[start + column * side + row]!;
      }
    }
  }
}

async function readClasses(file: string, pictures: number, classes: number): Promise<Int32Array> {
  const bytes = await readBytes(file);
  if (bytes.length !== pictures) {
    throw new InputError(`${file} has ${bytes.length} labels; expected ${pictures}, one byte a picture`);
  }
  return Int32Array.from(bytes, (label, i) => {
    if (label >= 1 && label <= classes) return label - 1;
    throw new InputError(`${file}, picture ${i}: label ${label} is out of range; expected 1 to ${classes}`);
  });
}
