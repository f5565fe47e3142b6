// Reads a file of lines as it grows.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Where a reader is in a file; the number of the file's inode tells a rewritten file from a longer one. */
export interface Position {
  readonly bytes: number;
  readonly inode: number;
}

export interface Read {
  readonly lines: readonly string[];
  readonly position: Position;
  /** Whether the file was cut off or replaced since the position: then the lines begin at its beginning. */
  readonly restarted: boolean;
}

export const beginning: Position = { bytes: 0, inode: 0 };

/** Bytes read at a time: a run of any length arrives in pieces. */
const most = 4_000_000;

/** The complete lines after a position. */
export function readOn(path: string, from: Position): Read {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return { lines: [], position: beginning, restarted: from.bytes > 0 };
  }
  try {
    const { size, ino: inode } = fstatSync(file);
    const restarted = from.bytes > size || (from.bytes > 0 && from.inode !== inode);
    const start = restarted ? 0 : from.bytes;
    const bytes = Buffer.alloc(Math.min(most, size - start));
    const end = bytes.lastIndexOf("\n", readSync(file, bytes, 0, bytes.length, start) - 1) + 1;
    const lines = end === 0 ? [] : bytes.toString("utf8", 0, end - 1).split("\n");
    return { lines, position: { bytes: start + end, inode }, restarted };
  } finally {
    closeSync(file);
  }
}
