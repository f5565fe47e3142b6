// A list of image files and their labels: CSV, a JSON array, or a JSON object a line.
import { dirname, extname, isAbsolute, join } from "node:path";
import { InputError } from "../../errors.js";
import { fileNames, forEachBounded, kindOf, listFolder } from "../files.js";
import { type Columns, findColumns } from "../tables/columns.js";
import { leftOut, listed } from "../tables/label-file.js";
import { fileMatcher } from "../tables/match-files.js";
import { type Row, readTable, tableEndings, withoutHeader } from "../tables/table.js";
import type { DataSet, Format, ReadOptions } from "../types.js";
import { classesOf, isMissing, lookAlikes, noClasses, numbersOf, type WrittenLabel } from "./classes.js";
import { imagesBelow } from "./folders/class-folders.js";
import { type PartName, partOfName, partOfWord } from "./folders/split-names.js";
import type { ImageEntry } from "./images/each-image.js";
import { isImage } from "./images/image-files.js";
import { readImages } from "./images/images.js";

/** A row that was read and checked. */
interface Item extends WrittenLabel {
  /** As the row names it; once the file is found, its path from the manifest's folder, or as it is where it is absolute. */
  readonly file: string;
  readonly part: PartName;
}

interface Items {
  readonly items: readonly Item[];
  readonly notes: readonly string[];
}

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
    const { items, notes } = await readSources(sources, options);
    const ofPart = (...parts: PartName[]) => items.filter(({ part }) => parts.includes(part));
    const train = ofPart("train");
    if (train.length === 0) {
      throw new InputError(`${given}: no row is for training; expected rows without a split, or of the split train`);
    }
    const classes = classesIn(train, options);
    const validation = known(ofPart("validation"), classes, "validation");
    const test = known(ofPart("test"), classes, "test");
    const kept = new Set([...train, ...validation.items]);
    const training = items.filter((item) => kept.has(item));
    const lists = {
      folder: isFolder ? given : dirname(given),
      train: entries(training, classes),
      test: entries(test.items, classes),
    };
    const images = await readImages({ ...lists, test: lists.test.length === 0 ? null : lists.test }, options);
    const unused = leftOut(
      "rows to predict",
      ofPart("predict").map(({ file }) => file),
    );
    return {
      format: "manifest",
      classes,
      ...images,
      notes: [...notes, ...unused, ...lookAlikes(classes), ...validation.notes, ...test.notes, ...images.notes],
    };
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
  const items: Item[] = [];
  const notes: string[] = [];
  for (const { path, folder, part } of sources) {
    const read = await readItems(path, options).catch((error: Error) => {
      if (part === null || part === "train" || !(error instanceof InputError)) throw error;
      return { items: [], notes: [`the ${part} part was left out: ${error.message}`] };
    });
    const place = (file: string) => (folder === "" || isAbsolute(file) ? file : `${folder}/${file}`);
    items.push(...read.items.map((item) => ({ ...item, file: place(item.file), part: part ?? item.part })));
    notes.push(...read.notes);
  }
  return { items, notes };
}

/** The classes of the training rows; without labels, of those that have one. */
function classesIn(train: readonly Item[], { unlabeled }: ReadOptions): readonly string[] {
  const named = unlabeled ? train.filter(({ text }) => !isMissing(text)) : train;
  return named.length === 0 ? noClasses : classesOf(named);
}

/** The rows whose class is one of the training part's; the others are left out with a note. */
function known(items: readonly Item[], classes: readonly string[], part: string): Items {
  const numbers = numbersOf(items, classes);
  const unknown = items.filter((_, i) => numbers[i] === -1);
  if (unknown.length === 0) return { items, notes: [] };
  const names = [...new Set(unknown.map(({ text }) => (isMissing(text) ? "no label" : `"${text}"`)))];
  const note = `left out: ${unknown.length} of ${items.length} ${part} samples, of classes that training lacks: ${listed(names, 3)}`;
  return { items: items.filter((_, i) => numbers[i] !== -1), notes: [note] };
}

function entries(items: readonly Item[], classes: readonly string[]): ImageEntry[] {
  const labels = numbersOf(items, classes);
  return items.map(({ file, part }, i) => ({
    file,
    label: labels[i] as number,
    ...(part === "validation" && { isValidation: true }),
  }));
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
  const located = await locate(path, items);
  return { items: located.items, notes: [...table.notes, ...columns.notes, ...located.notes] };
}

function itemOf({ values, where }: Row, columns: Columns & { readonly file: string }): Item {
  const file = values[columns.file];
  const isId = typeof file === "number";
  if ((typeof file !== "string" && !isId) || file === "") {
    throw new InputError(`${where}: no ${columns.file}; expected a path`);
  }
  return {
    file: String(file),
    text: labelText(values[columns.label], where),
    where,
    part: partOf(values, columns, where),
  };
}

function labelText(label: unknown, where: string): string {
  if (label === null || label === undefined || typeof label === "string") return label ?? "";
  if (typeof label === "boolean" || (typeof label === "number" && Number.isInteger(label))) return String(label);
  throw new InputError(`${where}: label ${JSON.stringify(label)}; expected a class name or a whole number`);
}

function partOf(values: Row["values"], { split }: Columns, where: string): PartName {
  const word = split === null ? "" : String(values[split] ?? "").trim();
  const part = word === "" ? "train" : partOfWord(word);
  if (part !== null) return part;
  throw new InputError(`${where}: ${split} "${word}"; expected train, validation or test`);
}

/** The rows with the paths of their files, which are looked for below the manifest's folder where a row names no path. */
async function locate(path: string, items: readonly Item[]): Promise<Items> {
  const folder = dirname(path);
  const missing = await missingFiles(folder, items);
  if (missing.length === 0) return { items, notes: [] };
  const files = await imagesBelow(folder);
  const match = fileMatcher(files);
  const found = new Map(missing.map((item) => [item, match(item.file)]));
  const several = missing.find((item) => (found.get(item)?.length ?? 0) > 1);
  if (several !== undefined) {
    const fitting = (found.get(several) ?? []).map((i) => files[i] as string);
    throw new InputError(
      `${several.where}: file "${several.file}" fits ${listed(fitting, 3)}; expected the path of one`,
    );
  }
  refuseMissing(missing.filter((item) => found.get(item)?.length === 0));
  const place = (item: Item) => {
    const index = found.get(item)?.[0];
    return index === undefined ? item : { ...item, file: files[index] as string };
  };
  const example = `${missing[0]?.file} is ${place(missing[0] as Item).file}`;
  const note = `${path}: ${missing.length} of ${items.length} files were found by name below its folder: ${example}`;
  return { items: items.map(place), notes: [note] };
}

/** The rows, in order, whose path is none of a file. */
async function missingFiles(folder: string, items: readonly Item[]): Promise<Item[]> {
  const isMissing = new Uint8Array(items.length);
  await forEachBounded(items.length, 16, async (i) => {
    const { file } = items[i] as Item;
    if ((await kindOf(isAbsolute(file) ? file : join(folder, file))) !== "file") isMissing[i] = 1;
  });
  return items.filter((_, i) => isMissing[i] === 1);
}

function refuseMissing(missing: readonly Item[]): void {
  const [first] = missing;
  if (first === undefined) return;
  const more = missing.length > 1 ? `, nor do ${missing.length - 1} more files` : "";
  throw new InputError(
    `${first.where}: file "${first.file}" does not exist${more}; paths count from the manifest's folder`,
  );
}
