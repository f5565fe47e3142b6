// Which columns of a parquet file hold the images and the labels.
import type { SchemaTree } from "hyparquet";
import { InputError } from "../../../errors.js";
import { option } from "../../../options/index.js";
import type { ParquetFile } from "../../containers/parquet-file.js";
import { type ColumnOptions, findColumns } from "../../tables/columns.js";

/** A column that a program describes in the file. */
export interface Feature {
  /** `Image`, `ClassLabel` and others. */
  readonly type: string;
  /** The names of a `ClassLabel`'s classes, in order. */
  readonly names: readonly string[] | null;
}

export interface ImageColumns {
  readonly image: string;
  readonly label: string;
  readonly notes: readonly string[];
}

/** How a column is stored: the bytes of images, text, one number a row, or anything nested. */
type Storage = "images" | "text" | "numbers" | "nested";

function storageOf({ element, children }: SchemaTree): Storage {
  if (children.length > 0) {
    const bytes = children.find((child) => child.element.name === "bytes");
    return bytes !== undefined && storageOf(bytes) === "images" ? "images" : "nested";
  }
  if (element.repetition_type === "REPEATED") return "nested";
  if (element.type !== "BYTE_ARRAY") return "numbers";
  const isText = element.converted_type !== undefined || element.logical_type !== undefined;
  return isText ? "text" : "images";
}

/**
 * The columns, by the options, else by what the file says of them and their names: `Image` and `ClassLabel` of Hugging Face's
 * features; a column of bytes, or of `{ bytes, path }`.
 *
 * Throws `InputError` where the file has no column of images, several, or none of labels, and for columns of paths or lists.
 */
export function imageColumns(
  file: ParquetFile,
  features: ReadonlyMap<string, Feature>,
  options: ColumnOptions,
): ImageColumns {
  const { path } = file;
  const image = imageColumn(file, features, options.fileColumn);
  const stored = storedIn(file);
  const names = [...stored.keys()];
  const labels = names.filter((name) => features.get(name)?.type === "ClassLabel");
  const others = names.filter((name) => name !== image && stored.get(name) !== "images");
  const table = { path, columns: labels.length === 1 ? labels : others, rows: [], notes: [] };
  const { label } = findColumns(table, { labelColumn: options.labelColumn });
  const storage = stored.get(label) as Storage;
  if (storage === "nested") {
    throw new InputError(`${path}: the column "${label}" holds lists or groups; expected one label a row`);
  }
  const isPlain = ["image", "img"].includes(image) && label === "label";
  const note = `column "${image}" holds the images, column "${label}" the labels`;
  return { image, label, notes: isPlain ? [] : [note] };
}

const storedIn = ({ columns }: ParquetFile) =>
  new Map(columns.map((column) => [column.element.name, storageOf(column)]));

/** The column of images: the one named, else the only one. Throws `InputError` as `imageColumns` does. */
export function imageColumn(file: ParquetFile, features: ReadonlyMap<string, Feature>, named?: string): string {
  const stored = storedIn(file);
  const name = named ?? onlyImageColumn(file.path, stored, features);
  const kind = stored.get(name);
  if (kind === "images") return name;
  if (kind !== undefined) throw new InputError(`${file.path}: ${notImages(name, kind)}`);
  const names = quoted([...stored.keys()]);
  throw new InputError(`${file.path} has no column ${option("fileColumn", name)}; it has ${names}`);
}

function onlyImageColumn(path: string, stored: ReadonlyMap<string, Storage>, features: ReadonlyMap<string, Feature>) {
  const names = [...stored.keys()];
  const declared = names.filter((name) => features.get(name)?.type === "Image");
  const found = declared.length > 0 ? declared : names.filter((name) => stored.get(name) === "images");
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  if (first !== undefined) {
    throw new InputError(`${path}: the columns ${quoted(found)} hold images; expected ${option("fileColumn", "NAME")}`);
  }
  const near = names.find((name) => /^(image|img|picture|photo|file)/i.test(name));
  const why =
    near === undefined
      ? `the columns are ${quoted(names)}; expected one of bytes, or of bytes and path`
      : notImages(near, stored.get(near) as Storage);
  throw new InputError(`${path} has no column of images: ${why}`);
}

function notImages(name: string, storage: Storage): string {
  if (storage === "text") {
    return `the column "${name}" holds text, such as paths; expected the bytes of images, or a table of paths in CSV or JSON Lines`;
  }
  return `the column "${name}" holds ${storage === "nested" ? "lists or groups" : "numbers"}; expected the bytes of one image a row`;
}

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");
