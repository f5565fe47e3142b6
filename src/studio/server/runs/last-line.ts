// The last line of a file of lines, without reading the rest.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const firstRead = 4096;

/** The last complete line; null where there is none, or no such file. */
export function lastLine(path: string): string | null {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return null;
  }
  try {
    return lastLineOf(file, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}

/** Reads ever more of the end until it holds a complete line. */
function lastLineOf(file: number, size: number): string | null {
  for (let length = Math.min(firstRead, size); length > 0; length = Math.min(8 * length, size)) {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, size - length);
    const end = bytes.lastIndexOf("\n");
    const start = end < 1 ? -1 : bytes.lastIndexOf("\n", end - 1);
    if (end >= 0 && (start >= 0 || length === size)) return bytes.toString("utf8", start + 1, end);
    if (length === size) break;
  }
  return null;
}
