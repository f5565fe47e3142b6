// CIFAR's binary form: records of label bytes and 3 x 32 x 32 pixels.
import { join } from "node:path";
import { InputError } from "../../../errors.js";
import { kindOf, readBytes } from "../../files.js";
import type { Samples } from "../../types.js";
import { type CifarVariant, cifarPixels } from "./variant.js";

/** The class names, one a line, where their file is there. @throws InputError for another number of names. */
export async function namesInText(path: string, { binary, classes }: CifarVariant): Promise<readonly string[]> {
  const file = join(path, binary.classes);
  if ((await kindOf(file)) !== "file") return classes;
  const names = (await readBytes(file)).toString("utf8").split(/\r?\n/);
  const given = names.map((name) => name.trim()).filter((name) => name !== "");
  if (given.length === classes.length) return given;
  throw new InputError(`${file}: ${given.length} class names; expected ${classes.length}`);
}

/** The records of the files, in their order. @throws InputError for a file that is truncated and a label out of range. */
export async function readRecords(
  path: string,
  names: readonly string[],
  part: "train" | "test",
  { binary: { labelBytes, officialSize }, classes }: CifarVariant,
): Promise<Samples> {
  const recordSize = labelBytes + cifarPixels;
  const parts: Buffer[] = [];
  for (const name of names) {
    const bytes = await readBytes(join(path, name));
    checkSize(join(path, name), bytes.length, recordSize, officialSize[part]);
    parts.push(bytes);
  }
  const count = parts.reduce((sum, bytes) => sum + bytes.length, 0) / recordSize;
  const values = new Uint8Array(count * cifarPixels);
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
      values.set(bytes.subarray(start + labelBytes, start + recordSize), i * cifarPixels);
    }
  });
  return { values, shape: [3, 32, 32], labels };
}

function checkSize(file: string, size: number, recordSize: number, official: number): void {
  if (size > 0 && size % recordSize === 0) return;
  const expected = `expected ${official} (the official file), or another multiple of the ${recordSize} of a record`;
  throw new InputError(`${file} is truncated or damaged: ${size} bytes; ${expected}`);
}
