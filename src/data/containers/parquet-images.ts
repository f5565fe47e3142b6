// The images in a column of a parquet file, one at a time: rows that are stored together are read together and kept for a while.
import { type BlockCache, blockCache } from "./block-cache.js";
import type { ParquetFile } from "./parquet-file.js";

/** Rows read at a time where the file says where its pages begin. */
const rowsAtOnce = 32;
/** Of all files together. */
const keptBytes = 256 * 1024 * 1024;
/** A row group may fill a hundred megabytes: few are read at a time. */
const readAtOnce = 4;

const cache: BlockCache = blockCache(keptBytes, readAtOnce);

/** The bytes of the image in a row. Throws an `Error` for a row that is missing or holds no image. */
export async function imageInRow(file: ParquetFile, version: string, column: string, row: number): Promise<Uint8Array> {
  const { from, to } = rowsAround(file, column, row);
  const name = `${version} ${column} ${from}`;
  const block = await cache.get(name, async () => (await file.read(column, from, to, false)).map(imageOf));
  const found = block[row - from];
  if (typeof found === "object") return found;
  throw new Error(found ?? `the file has no row ${row}`);
}

function rowsAround(file: ParquetFile, column: string, row: number): { from: number; to: number } {
  const group = file.groups.find(({ start, rows }) => row >= start && row < start + rows);
  if (group === undefined) throw new Error(`the file has ${file.rows} rows, and no row ${row}`);
  const end = group.start + group.rows;
  if (!file.hasPageIndex(column)) return { from: group.start, to: end };
  const from = row - ((row - group.start) % rowsAtOnce);
  return { from, to: Math.min(from + rowsAtOnce, end) };
}

/** The bytes of a value, in their own memory; or why there are none. */
function imageOf(value: unknown): Uint8Array | string {
  if (value instanceof Uint8Array) return value.slice();
  if (typeof value !== "object" || value === null) return "the row holds no image";
  const { bytes, path } = value as { readonly bytes?: unknown; readonly path?: unknown };
  if (bytes instanceof Uint8Array) return bytes.slice();
  return path ? `the row holds no image, but the path "${String(path)}"` : "the row holds no image";
}
