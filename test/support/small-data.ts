// Data sets of a few kilobytes, written as users have them.
import sharp from "sharp";
import { writeNpy } from "../../src/data/index.js";

type Files = Record<string, Uint8Array | string>;

/** `rows` embeddings of 4 values in 3 classes that are easy to tell apart: `x_<part>.npy` and `y_<part>.npy`. */
export function embeddings(rows = 30, part = "train"): Files {
  const label = (row: number) => row % 3;
  const values = Float32Array.from({ length: rows * 4 }, (_, i) => {
    const row = Math.floor(i / 4);
    return (i % 4 === label(row) ? 1 : 0) + 0.1 * Math.sin(i);
  });
  const labels = BigInt64Array.from({ length: rows }, (_, row) => BigInt(label(row)));
  return { [`x_${part}.npy`]: writeNpy(values, [rows, 4]), [`y_${part}.npy`]: writeNpy(labels, [rows]) };
}

const colors = ["#c03030", "#30c030", "#3030c0"];

/** `<class>/<i>.png`, each class of one color; `side` gives the size of every picture. */
export async function photos(
  classes: readonly string[],
  { each = 4, side = () => 16 }: { each?: number; side?: (i: number) => number } = {},
): Promise<Files> {
  const files: Files = {};
  for (const [number, name] of classes.entries()) {
    for (let i = 0; i < each; i++) {
      const create = {
        width: side(i),
        height: side(i),
        channels: 3,
        background: colors[number % 3] as string,
      } as const;
      files[`${name}/${i}.png`] = new Uint8Array(await sharp({ create }).png().toBuffer());
    }
  }
  return files;
}

/** A CIFAR-10 batch in its binary form: a label and 3,072 pixels a record, which differ from record to record. */
export function cifarBatch(labels: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(labels.length * 3073).fill(100);
  for (const [i, label] of labels.entries()) bytes.set([label, i % 256, 50], i * 3073);
  return bytes;
}
