// A parquet file: what columns it has, and some rows of one column at a time.
// @see https://parquet.apache.org/docs/file-format
import { stat } from "node:fs/promises";
import type { AsyncBuffer, FileMetaData, SchemaTree } from "hyparquet";
import { InputError } from "../../errors.js";
import { optionalPackage } from "../../optional-package.js";
import { reasonOf } from "../files.js";
import { readAt } from "./read-at.js";

/** Rows that are stored together. */
export interface RowGroup {
  readonly start: number;
  readonly rows: number;
}

export interface ParquetFile {
  readonly path: string;
  readonly rows: number;
  readonly groups: readonly RowGroup[];
  /** The top-level columns, each with its inner ones. */
  readonly columns: readonly SchemaTree[];
  /** Notes that programs left in the file, by name. */
  readonly notes: ReadonlyMap<string, string>;
  /** The values of a column from row `from` to row `to` - 1: text as strings where `text`, else as bytes. */
  read(column: string, from: number, to: number, text: boolean): Promise<unknown[]>;
  /** Whether a few rows of a column can be read without the remainder of their row group. */
  hasPageIndex(column: string): boolean;
}

/** Footers larger than this are damage. */
const largestFooter = 2 ** 28;

/** Opens a parquet file by its footer. Throws `InputError` for one that cannot be read, is truncated or damaged. */
export async function openParquet(path: string): Promise<ParquetFile> {
  const { parquetMetadataAsync, parquetReadObjects, parquetSchema } = await hyparquet();
  const { compressors } = await hyparquetCompressors();
  const { size } = await stat(path).catch((error: Error) => {
    throw new InputError(`cannot read "${path}": ${reasonOf(error, path)}`);
  });
  const file: AsyncBuffer = { byteLength: size, slice: (from, to = size) => bytesOf(path, from, to) };
  const orRefuse = <Value>(value: Promise<Value>) => value.catch((error: Error) => refuse(path, error));
  await requireFooter(path, size);
  const metadata = await orRefuse(parquetMetadataAsync(file));
  const withoutIndex = columnsWithoutIndex(metadata);
  return {
    path,
    rows: Number(metadata.num_rows),
    groups: groupsOf(metadata),
    columns: parquetSchema(metadata).children,
    notes: new Map((metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ""])),
    hasPageIndex: (column) => !withoutIndex.has(column),
    async read(column, from, to, text) {
      const range = { columns: [column], rowStart: from, rowEnd: to, utf8: text, useOffsetIndex: true };
      const rows = await orRefuse(parquetReadObjects({ file, metadata, compressors, ...range }));
      if (rows.length !== to - from) throw refuse(path, new Error(`rows ${from} to ${to - 1} are missing`));
      return rows.map((row) => row[column] as unknown);
    },
  };
}

const packages = ["hyparquet", "hyparquet-compressors"];
const hyparquet = () => optionalPackage("reading parquet files", packages, () => import("hyparquet"));
const hyparquetCompressors = () =>
  optionalPackage("reading parquet files", packages, () => import("hyparquet-compressors"));

async function bytesOf(path: string, from: number, to: number): Promise<ArrayBuffer> {
  const bytes = await readAt(path, from, to - from);
  return bytes.buffer as ArrayBuffer;
}

/** The file ends with the length of its footer and the letters PAR1. */
async function requireFooter(path: string, size: number): Promise<void> {
  const end = size < 12 ? Buffer.alloc(8) : await readAt(path, size - 8, 8);
  const length = end.readUInt32LE(0);
  if (end.subarray(4).toString("latin1") === "PARE") {
    throw new InputError(`"${path}" is encrypted; expected a parquet file without encryption`);
  }
  if (end.subarray(4).toString("latin1") === "PAR1" && length <= Math.min(size - 12, largestFooter)) return;
  throw refuse(path, new Error("it does not end as a parquet file"));
}

function refuse(path: string, error: Error): never {
  if (error instanceof InputError) throw error;
  throw new InputError(`"${path}" is truncated or damaged: ${error.message.split("\n")[0]}`);
}

function groupsOf({ row_groups }: FileMetaData): RowGroup[] {
  let next = 0;
  return row_groups.map(({ num_rows }) => {
    const group = { start: next, rows: Number(num_rows) };
    next += group.rows;
    return group;
  });
}

/** The top-level columns that lack a page index in some row group. */
function columnsWithoutIndex({ row_groups }: FileMetaData): ReadonlySet<string | undefined> {
  const chunks = row_groups.flatMap(({ columns }) => columns.filter((chunk) => !chunk.offset_index_offset));
  return new Set(chunks.map(({ meta_data }) => meta_data?.path_in_schema[0]));
}
