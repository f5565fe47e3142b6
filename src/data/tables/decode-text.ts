// The bytes of a text file as text, whatever encoding a spreadsheet saved it in.
import { InputError } from "../../errors.js";
import { readBytes } from "../files.js";

export interface DecodedText {
  readonly text: string;
  /** One line for the user where the encoding is a guess. */
  readonly notes: readonly string[];
}

/** Byte order marks, and the encoding that each stands for. */
const marks: readonly (readonly [bytes: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];

/**
 * Decodes by the byte order mark where there is one, else as UTF-8, else as Windows-1252 with a note.
 *
 * Throws `InputError`, beginning with `name`, on bytes that contradict their mark or hold a NUL, which text does not.
 */
export function decodeText(bytes: Uint8Array, name: string): DecodedText {
  const marked = marks.find(([mark]) => mark.every((byte, i) => bytes[i] === byte))?.[1];
  const text = strictly(marked ?? "utf-8", bytes);
  if (text === null && marked !== undefined) {
    throw new InputError(`${name}: begins as ${marked}, but is not; expected text saved as UTF-8`);
  }
  if (text === null) return { text: windows1252(bytes), notes: [`${name}: not UTF-8, read as Windows-1252 (Latin-1)`] };
  if (text.includes("\0")) throw new InputError(`${name}: holds NUL bytes; expected text saved as UTF-8`);
  return { text, notes: [] };
}

/** Reads and decodes a file. Throws `InputError` as `decodeText` does, and where it cannot be read. */
export async function readText(path: string): Promise<DecodedText> {
  return decodeText(await readBytes(path), path);
}

function strictly(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** As a stream: decoding at once takes Latin-1 for Windows-1252 in Node 20, which differs from 0x80 to 0x9f. */
function windows1252(bytes: Uint8Array): string {
  return new TextDecoder("windows-1252").decode(bytes, { stream: true });
}
