// Hugging Face's data sets as parquet files: a column of images, one of labels, a file or several a part.
import { basename, dirname, extname, join } from "node:path";
import { InputError } from "../../../errors.js";
import { openParquet, type ParquetFile } from "../../containers/parquet-file.js";
import { kindOf, listFolder } from "../../files.js";
import { listed } from "../../listed.js";
import { partOfName } from "../../part-names.js";
import { partOfRow, splitCandidate, splitIn } from "../../tables/columns.js";
import type { DataSet, Format, ReadOptions } from "../../types.js";
import { holdsImage } from "../folders/class-folders.js";
import { type Item, readItemSet } from "../listed/item-set.js";
import { featuresOf } from "./hugging-face.js";
import { imageColumns } from "./parquet-columns.js";
import { readShards, type Shard } from "./shards.js";

/** Folders below the data folder: `data`, a configuration, a part. */
const deepest = 3;

const isParquet = (name: string) => extname(name).toLowerCase() === ".parquet" && name !== "metadata.parquet";

/**
 * A parquet file, or a folder of them whose names or folders say the part, as in `data/train-00000-of-00001.parquet`. Class
 * names come from the file, or from `README.md` or `dataset_infos.json` near it. Label -1, and no value, is no label. Images stay
 * in the file until they are decoded.
 */
export const parquet: Format = {
  name: "parquet",
  async detect(path) {
    const kind = await kindOf(path);
    if (kind !== "folder") return kind === "file" && isParquet(basename(path));
    const [found] = await filesBelow(path, "", deepest).catch(() => []);
    return found !== undefined && !(await holdsImage(path, 2));
  },
  async read(path, options): Promise<DataSet> {
    const isFolder = (await kindOf(path)) === "folder";
    const folder = isFolder ? path : dirname(path);
    const files = isFolder ? await filesBelow(path, "", deepest) : [basename(path)];
    if (files.length === 0) throw new InputError(`"${path}" holds no parquet file; expected one or more`);
    requireOneConfiguration(path, files);
    const { read, notes } = await readShards(files, options.strict === true, (shard) =>
      itemsOf(folder, shard, options),
    );
    const classes = oneList(read);
    const all = [...new Set([...notes, ...read.flatMap((shard) => shard.notes)])];
    const items = read.flatMap((shard) => shard.items);
    const set = { format: "parquet", path, folder, items, notes: all, mayLackLabels: true };
    return readItemSet({ ...set, ...(classes !== null && { classes }) }, options);
  },
};

/** The parquet files of a folder and those below it, sorted by path. */
async function filesBelow(root: string, folder: string, depth: number): Promise<string[]> {
  const files: string[] = [];
  for (const { name, isFolder } of await listFolder(join(root, folder))) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (isFolder && depth > 0) files.push(...(await filesBelow(root, path, depth - 1)));
    if (!isFolder && isParquet(name)) files.push(path);
  }
  return files;
}

/** Folders that are neither named `data` nor for a part are configurations, each of which is a data set. */
function requireOneConfiguration(path: string, files: readonly string[]): void {
  const ofFile = (file: string) => {
    const folders = file.split("/").slice(0, -1);
    return folders.filter((name) => name !== "data" && partOfName(name) === null).join("/");
  };
  const [first, second] = new Set(files.map(ofFile));
  if (first === undefined || second === undefined) return;
  const names = [first || ".", second].map((name) => `"${name}"`).join(" and ");
  throw new InputError(
    `"${path}" holds parquet files of several data sets, in ${names}; expected one, such as ${join(path, second)}`,
  );
}

/** The class names that all shards agree on; null where none names classes. */
function oneList(shards: readonly ShardItems[]): readonly string[] | null {
  const [first] = shards;
  const other = shards.find(({ classes }) => String(classes) !== String(first?.classes));
  if (other === undefined) return first?.classes ?? null;
  const show = ({ file, classes }: ShardItems) => `${file} names ${classes === null ? "none" : listed(classes, 5)}`;
  throw new InputError(`the files differ in their classes: ${show(first as ShardItems)}, ${show(other)}`);
}

interface ShardItems {
  readonly file: string;
  readonly items: readonly Item[];
  readonly classes: readonly string[] | null;
  readonly notes: readonly string[];
}

async function itemsOf(folder: string, { file, part }: Shard, options: ReadOptions): Promise<ShardItems> {
  const shard = await openParquet(join(folder, file));
  const features = await featuresOf(shard);
  const { image, label, notes } = imageColumns(shard, features, options);
  const names = features.get(label)?.names ?? null;
  const values = await shard.read(label, 0, shard.rows, true);
  const partOf = await rowParts(shard, options, [image, label]);
  const items = values.map((value, row): Item => {
    const place = `${file}/${image}/${row}`;
    return { file: place, where: place, text: textOf(value, names, shard, row), part: partOf(row) ?? part };
  });
  return { file, items, classes: names, notes: notes.map((note) => `${file}: ${note}`) };
}

/** The part of each row by its column of parts; null where there is none, or it says nothing. */
async function rowParts(shard: ParquetFile, options: ReadOptions, taken: readonly string[]) {
  const table = { path: shard.path, columns: shard.columns.map(({ element }) => element.name), notes: [] };
  const name = splitCandidate(table, options, taken);
  if (name === null) return () => null;
  const cells = await shard.read(name, 0, shard.rows, true);
  const rows = cells.map((cell, row) => ({ values: { [name]: cell ?? "" }, where: `${shard.path}, row ${row}` }));
  const split = splitIn({ ...table, rows }, options, taken);
  return (row: number) => partOfRow(rows[row]!, split);
}

/** A label by its name; "" for none. */
function textOf(value: unknown, names: readonly string[] | null, { path }: ParquetFile, row: number): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string" && names === null) return value;
  const isWhole = typeof value === "bigint" || Number.isInteger(value);
  if (typeof value === "boolean" || (isWhole && names === null)) return Number(value) === -1 ? "" : String(value);
  const number = Number(value);
  if (isWhole && number === -1) return "";
  const name = isWhole ? names?.[number] : names?.find((known) => known === value);
  if (name !== undefined) return name;
  const expected = names === null ? "a name or a whole number" : `0 to ${names.length - 1}, or -1 for none`;
  throw new InputError(`${path}, row ${row}: label ${String(value)}; expected ${expected}`);
}
