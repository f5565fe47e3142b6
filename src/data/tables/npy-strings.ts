// Text in .npy files: class names as NumPy keeps them.
import { InputError } from "../../errors.js";
import { npyHeader } from "./npy-header.js";

/**
 * The strings of a `.npy` file, flat: Unicode (`U`) or bytes (`S`, as UTF-8); null where it holds anything else.
 *
 * Throws `InputError`, beginning with `name`, where it is truncated.
 */
export function parseNpyStrings(bytes: Uint8Array, name: string): string[] | null {
  const header = npyHeader(bytes);
  const [, order, kind, length] = /^([<>|=])([US])(\d+)$/.exec(header?.descr ?? "") ?? [];
  if (header === null || kind === undefined) return null;
  const count = header.shape.reduce((product, side) => product * side, 1);
  const size = Number(length) * (kind === "U" ? 4 : 1);
  const body = Buffer.from(bytes.subarray(header.bodyAt));
  if (body.length < count * size) {
    throw new InputError(
      `${name}: truncated or damaged: ${body.length} bytes of text found, its header expects ${count * size}`,
    );
  }
  const at = (i: number) => body.subarray(i * size, (i + 1) * size);
  return Array.from({ length: count }, (_, i) => (kind === "U" ? fromUtf32(at(i), order === ">") : fromBytes(at(i))));
}

function fromUtf32(bytes: Buffer, isBigEndian: boolean): string {
  const codes = Array.from({ length: bytes.length / 4 }, (_, i) =>
    isBigEndian ? bytes.readUInt32BE(4 * i) : bytes.readUInt32LE(4 * i),
  );
  return codes
    .filter((code) => code !== 0)
    .map((code) => String.fromCodePoint(Math.min(code, 0x10ffff)))
    .join("");
}

const fromBytes = (bytes: Buffer) => bytes.toString("utf8").replace(/\0+$/, "");
