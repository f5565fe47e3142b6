// A list of image files and their labels, as CSV with a header or as a JSON object a line.
import { dirname, extname, isAbsolute, join } from "node:path";
import { InputError } from "../../errors.js";
import { forEachBounded, kindOf, readBytes } from "../files.js";
import { type Row, readCsv } from "../tables/csv.js";
import type { DataSet, Format } from "../types.js";
import { classesOf, numbersOf, type WrittenLabel } from "./classes.js";
import type { ImageEntry } from "./each-image.js";
import { readImages } from "./images.js";

/** A row read and checked. */
interface Item extends WrittenLabel {
  readonly file: string;
  readonly path: string;
  readonly isTest: boolean;
}

const endings = [".csv", ".jsonl", ".ndjson"];

/** CSV with the columns `file`, `label` and, if wished, `split` (train or test), or JSONL with these keys. */
export const manifest: Format = {
  name: "manifest",
  detect: async (path) => endings.includes(extname(path).toLowerCase()) && (await kindOf(path)) === "file",
  async read(path, options): Promise<DataSet> {
    const rows = extname(path).toLowerCase() === ".csv" ? await csvRows(path) : await jsonRows(path);
    const items = rows.map((row) => itemOf(row, dirname(path)));
    await checkFiles(items);
    const train = items.filter(({ isTest }) => !isTest);
    const test = items.filter(({ isTest }) => isTest);
    if (train.length === 0) throw new InputError(`${path}: every row is of the test split; expected rows to train on`);
    const classes = classesOf(train);
    const lists = {
      folder: dirname(path),
      train: entries(train, classes),
      test: test.length === 0 ? null : entries(test, classes),
    };
    return { format: "manifest", classes, ...(await readImages(lists, options)) };
  },
};

async function csvRows(path: string): Promise<readonly Row[]> {
  const { columns, rows } = await readCsv(path);
  const missing = ["file", "label"].find((name) => !columns.includes(name));
  if (missing === undefined) return rows;
  throw new InputError(`${path}: the header is "${columns.join(",")}"; expected the columns file, label (and split)`);
}

async function jsonRows(path: string): Promise<Row[]> {
  const lines = (await readBytes(path))
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .split(/\r?\n/);
  const rows = lines
    .map((line, i) => ({ line, where: `${path}, row ${i + 1}` }))
    .filter(({ line }) => line.trim() !== "");
  if (rows.length === 0) throw new InputError(`${path}: no rows found; expected a JSON object a line`);
  return rows.map(({ line, where }) => ({ values: parseObject(line, where), where }));
}

function parseObject(line: string, where: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // Said below, together with lines that are JSON and no object.
  }
  throw new InputError(`${where}: not a JSON object: ${line.slice(0, 60)}`);
}

function itemOf({ values, where }: Row, folder: string): Item {
  const { file, label, split = "" } = values;
  if (typeof file !== "string" || file === "") throw new InputError(`${where}: no file; expected a path`);
  const isNumber = typeof label === "number" && Number.isInteger(label);
  if (typeof label !== "string" && !isNumber) {
    throw new InputError(`${where}: label ${JSON.stringify(label)}; expected a class name or a whole number`);
  }
  const part = String(split).toLowerCase();
  if (!["", "train", "test"].includes(part)) throw new InputError(`${where}: split "${split}"; expected train or test`);
  const path = isAbsolute(file) ? file : join(folder, file);
  return { file, path, text: String(label), where, isTest: part === "test" };
}

/** The first row, in order, that points nowhere is the one named. */
async function checkFiles(items: readonly Item[]): Promise<void> {
  const missing = new Set<number>();
  await forEachBounded(items.length, 16, async (i) => {
    if ((await kindOf(items[i]!.path)) !== "file") missing.add(i);
  });
  if (missing.size === 0) return;
  const { where, file } = items[Math.min(...missing)]!;
  const more = missing.size > 1 ? `, nor do ${missing.size - 1} more files` : "";
  throw new InputError(`${where}: file "${file}" does not exist${more}; paths count from the manifest's folder`);
}

function entries(items: readonly Item[], classes: readonly string[]): ImageEntry[] {
  const labels = numbersOf(items, classes);
  return items.map(({ file }, i) => ({ file, label: labels[i]! }));
}
