// The classes of a validation or test part whose images lie in no class folders, from a table beside them.
import { extname, join } from "node:path";
import { fileNames } from "../../files.js";
import { partOfName } from "../../part-names.js";
import { readCells } from "../../tables/csv.js";
import { fileMatcher } from "../../tables/match-files.js";
import type { FoundImage, FoundPart } from "./class-folders.js";
import { joined } from "./image-walk.js";

/** A part as its folders have it, and what is known of the data around it. */
export interface UnlabeledPart {
  readonly name: "validation" | "test";
  readonly root: string;
  /** From the root. */
  readonly folder: string;
  readonly found: FoundPart;
  /** The training part's. */
  readonly classes: readonly string[];
}

export interface LabeledPart {
  readonly found: FoundPart;
  readonly notes: readonly string[];
}

type Rows = readonly (readonly string[])[];
/** The position of a row's class; -1 for none. */
type ClassOf = (cell: string) => number;

const endings = [".txt", ".csv", ".tsv"];

/**
 * The part with the classes that a table gives its images: one in its folder, as Tiny ImageNet's `val_annotations.txt`, or one
 * beside it that is named for the part, as `val_labels.csv`. The part as it is where an image of it has a class of training, and
 * where no table names both images and classes.
 */
export async function labelByTable(part: UnlabeledPart): Promise<LabeledPart> {
  const { found, classes } = part;
  const files = [...found.images.map(({ file }) => file), ...found.unnamed].sort();
  const isLabeled = found.images.some(({ className }) => classes.includes(className));
  if (isLabeled || files.length === 0) return { found, notes: [] };
  for (const table of await tablesOf(part)) {
    const labeled = await readLabels(join(part.root, table), files, classes);
    if (labeled === null) continue;
    const { images, columns } = labeled;
    const named = new Set(images.map(({ file }) => file));
    const unnamed = files.filter((file) => !named.has(file));
    const count = `${images.length} of ${files.length} ${part.name} images`;
    const note = `${table} gives the classes of ${count} (column ${columns.file + 1} is the file, column ${columns.label + 1} the class${columns.areNumbers ? ", by number" : ""})`;
    return { found: { ...found, images, unnamed }, notes: [note] };
  }
  return { found, notes: [] };
}

/** The tables in the part's folder, then those beside it that are named for it. */
async function tablesOf({ name, root, folder }: UnlabeledPart): Promise<string[]> {
  const isTable = (file: string) => endings.includes(extname(file).toLowerCase());
  const inside = (await fileNames(join(root, folder))).filter(isTable).map((file) => joined(folder, file));
  const above = folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/")) : "";
  const beside = (await fileNames(join(root, above))).filter(
    (file) => isTable(file) && partOfName(file.slice(0, -extname(file).length)) === name,
  );
  return [...inside, ...beside.map((file) => joined(above, file))];
}

async function readLabels(path: string, files: readonly string[], classes: readonly string[]) {
  const rows = spaced((await readCells(path).catch(() => ({ rows: [] }))).rows);
  const match = fileMatcher(files);
  const fileOf = (cell: string) => {
    const fitting = match(cell);
    return fitting.length === 1 ? (files[fitting[0]![0]!] as string) : null;
  };
  const file = mostly(rows, (cell) => fileOf(cell) !== null);
  if (file === null) return null;
  const listed = rows.filter((row) => fileOf(row[file] as string) !== null);
  const label = labelColumn(listed, file, classes);
  if (label === null) return null;
  const images = listed.flatMap((row): FoundImage[] => {
    const className = classes[label.classOf(row[label.column] as string)];
    return className === undefined ? [] : [{ file: fileOf(row[file] as string) as string, className }];
  });
  const distinct = [...new Map(images.map((image) => [image.file, image])).values()];
  return { images: distinct, columns: { file, label: label.column, areNumbers: label.areNumbers } };
}

/** Rows of one cell cut at spaces, as in lists of `val/1.jpg 65`. */
function spaced(rows: Rows): Rows {
  return rows.every((row) => row.length === 1) ? rows.map(([cell = ""]) => cell.split(/\s+/)) : rows;
}

/** The column of which the most cells, and at least half, are of a kind; null for none. */
function mostly(rows: Rows, isKind: (cell: string) => boolean, not = -1): number | null {
  const counts = (rows[0] ?? []).map((_, column) =>
    column === not ? 0 : rows.filter((row) => isKind(row[column] ?? "")).length,
  );
  const most = Math.max(0, ...counts);
  return most > 0 && 2 * most >= rows.length ? counts.indexOf(most) : null;
}

/** The column of class names, which may be the first word of a cell; else the only other column where it holds class numbers. */
function labelColumn(rows: Rows, file: number, classes: readonly string[]) {
  const byName = new Map(classes.map((name, i) => [name.normalize("NFC"), i]));
  const classOf: ClassOf = (cell) => {
    const text = cell.trim().normalize("NFC");
    return byName.get(text) ?? byName.get(text.split(" ")[0] as string) ?? -1;
  };
  const named = mostly(rows, (cell) => classOf(cell) >= 0, file);
  if (named !== null) return { column: named, classOf, areNumbers: false };
  const isNumber = (cell: string) => /^\d+$/.test(cell) && Number(cell) < classes.length;
  const column = rows[0]?.length === 2 ? 1 - file : null;
  const areNumbers = column !== null && rows.every((row) => isNumber(row[column] ?? ""));
  return areNumbers ? { column, classOf: Number, areNumbers } : null;
}
