// A list of image files and their labels: CSV, a JSON array, or a JSON object a line.
import { dirname, extname, isAbsolute, join } from "node:path";
import { InputError } from "../../../errors.js";
import { fileNames, kindOf, listFolder } from "../../files.js";
import { type PartName, partOfName } from "../../part-names.js";
import { type Columns, findColumns, partOfRow } from "../../tables/columns.js";
import { type Row, readTable, tableEndings, withoutHeader } from "../../tables/table.js";
import type { DataSet, Format, ReadOptions } from "../../types.js";
import { isImage } from "../images/image-files.js";
import { type Item, type Items, readItemSet } from "./item-set.js";
import { locate } from "./locate.js";

/** A table to read, and what it is for. */
interface Source {
  readonly path: string;
  /** Its folder, from the data folder. */
  readonly folder: string;
  /** The part that its folder is; null where its rows say it. */
  readonly part: PartName | null;
}

/**
 * A table with a column of image files, one of labels and, if wished, one of splits (train, validation, test); see
 * `findColumns`; or a folder with Hugging Face's `metadata.csv` or `metadata.jsonl`, or with such a table in each part's folder.
 * Paths count from the manifest's folder; names without a folder or an ending are looked for below it.
 */
export const manifest: Format = {
  name: "manifest",
  async detect(path) {
    const kind = await kindOf(path);
    if (kind === "file") return tableEndings.includes(extname(path).toLowerCase());
    return kind === "folder" && (await metadataTables(path)).length > 0;
  },
  async read(given, options): Promise<DataSet> {
    const isFolder = (await kindOf(given)) === "folder";
    const sources = isFolder ? await requireMetadata(given) : [{ path: given, folder: "", part: null }];
    const read = await readSources(sources, options);
    return readItemSet(
      { format: "manifest", path: given, folder: isFolder ? given : dirname(given), ...read },
      options,
    );
  },
};

/** Hugging Face's table beside the images of a folder; null where there is none. */
async function metadataIn(folder: string): Promise<string | null> {
  const names = await fileNames(folder);
  const name = ["metadata.csv", "metadata.jsonl"].find((known) => names.includes(known));
  if (name === undefined) return null;
  const table = await readTable(join(folder, name)).catch(() => null);
  return table?.columns.includes("file_name") ? table.path : null;
}

/** The tables of a folder: its own, else those of its parts' folders, one of them for training; none where there are none. */
async function metadataTables(root: string): Promise<Source[]> {
  const own = await metadataIn(root);
  if (own !== null) return [{ path: own, folder: "", part: null }];
  const folders = (await listFolder(root)).filter(({ isFolder }) => isFolder).map(({ name }) => name);
  const sources: Source[] = [];
  for (const folder of folders) {
    const part = partOfName(folder);
    const path = part === null ? null : await metadataIn(join(root, folder));
    if (path !== null) sources.push({ path, folder, part });
  }
  return sources.some(({ part }) => part === "train") ? sources : [];
}

async function requireMetadata(folder: string): Promise<Source[]> {
  const sources = await metadataTables(folder);
  if (sources.length > 0) return sources;
  throw new InputError(
    `"${folder}" has no metadata.csv or metadata.jsonl with a column file_name; expected one, or the path of a table`,
  );
}

/** The rows of all tables, their files by their paths from the data folder. */
async function readSources(sources: readonly Source[], options: ReadOptions): Promise<Items> {
  const found: Items[] = [];
  for (const { path, folder, part } of sources) {
    const read = await readItems(path, options).catch((error: Error) => {
      if (part === null || part === "train" || !(error instanceof InputError)) throw error;
      return { items: [], notes: [`the ${part} part was left out: ${error.message}`] };
    });
    const place = (file: string) => (folder === "" || isAbsolute(file) ? file : `${folder}/${file}`);
    const items = read.items.map((item) => ({ ...item, file: place(item.file), part: part ?? item.part }));
    found.push({ items, notes: read.notes });
  }
  return { items: found.flatMap(({ items }) => items), notes: found.flatMap(({ notes }) => notes) };
}

async function readItems(path: string, options: ReadOptions): Promise<Items> {
  const read = await readTable(path);
  const table = read.columns.some(isImage) ? withoutHeader(read) : read;
  const columns = findColumns(table, options, (column) =>
    table.rows.every(({ values }) => isImage(String(values[column]))),
  );
  const { file } = columns;
  if (file === null) {
    const names = table.columns.map((name) => `"${name}"`).join(", ");
    throw new InputError(
      `${path}: the columns are ${names}, and none is named file; expected one, or \`fileColumn: NAME\``,
    );
  }
  const items = table.rows.map((row) => itemOf(row, { ...columns, file }));
  const located = await locate(path, dirname(path), items);
  return { items: located.items, notes: [...table.notes, ...columns.notes, ...located.notes] };
}

function itemOf(row: Row, columns: Columns & { readonly file: string }): Item {
  const { values, where } = row;
  const file = values[columns.file];
  const isId = typeof file === "number";
  if ((typeof file !== "string" && !isId) || file === "") {
    throw new InputError(`${where}: no ${columns.file}; expected a path`);
  }
  return {
    file: String(file),
    text: labelText(values[columns.label], where),
    where,
    part: partOfRow(row, columns.split) ?? "train",
  };
}

function labelText(label: unknown, where: string): string {
  if (label === null || label === undefined || typeof label === "string") return label ?? "";
  if (typeof label === "boolean" || (typeof label === "number" && Number.isInteger(label))) return String(label);
  throw new InputError(`${where}: label ${JSON.stringify(label)}; expected a class name or a whole number`);
}
