// FiftyOne's image classification directories: `labels.json` with class numbers by the names of images, which lie in `data`.
// @see https://docs.voxel51.com/user_guide/export_datasets.html (FiftyOneImageClassificationDataset)
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { InputError } from "../../../errors.js";
import { kindOf, listFolder } from "../../files.js";
import { type PartName, partOfName } from "../../part-names.js";
import type { DataSet, Format } from "../../types.js";
import { type Item, type Items, readItemSet } from "./item-set.js";
import { expectKind, jsonIn } from "./json-file.js";
import { locate } from "./locate.js";

const labelsFile = "labels.json";
const label = z.union([z.int(), z.string(), z.null()]);
const schema = z.object({ classes: z.array(z.string()).nullish(), labels: z.record(z.string(), label) });

/** A `labels.json`, its folder, or a folder of such folders named for the parts. A label is a class number, a name, or null for none. */
export const fiftyOne: Format = {
  name: "fiftyone",
  detect: async (path) => (await labelFiles(path).catch(() => [])).length > 0,
  async read(path, options): Promise<DataSet> {
    const files = await labelFiles(path);
    if (files.length === 0) throw new InputError(`"${path}" has no ${labelsFile} with labels; expected FiftyOne's`);
    const folder = (await kindOf(path)) === "file" ? dirname(path) : path;
    const read = await Promise.all(files.map(({ file, part }) => itemsOf(folder, file, part)));
    const items = read.flatMap((each) => each.items);
    const notes = read.flatMap((each) => each.notes);
    const classes = read[files.findIndex(({ part }) => part === "train")]?.classes;
    const set = { format: "fiftyone", path, folder, items, notes, mayLackLabels: true };
    return readItemSet({ ...set, ...(classes && { classes }) }, options);
  },
};

interface LabelFile {
  readonly file: string;
  readonly part: PartName;
}

/** The label files of a path: itself, the one in its folder, or those in folders named for parts. */
async function labelFiles(path: string): Promise<LabelFile[]> {
  if ((await kindOf(path)) === "file") {
    return basename(path) === labelsFile && (await isLabels(path)) ? [{ file: path, part: "train" }] : [];
  }
  const entries = await listFolder(path);
  if (entries.some(({ name }) => name === labelsFile)) return labelFiles(join(path, labelsFile));
  const found: LabelFile[] = [];
  for (const { name, isFolder } of entries) {
    const part = isFolder ? partOfName(name) : null;
    const file = join(path, name, labelsFile);
    if (part !== null && (await kindOf(file)) === "file" && (await isLabels(file))) found.push({ file, part });
  }
  return found.some(({ part }) => part === "train") ? found : [];
}

const isLabels = async (path: string) => schema.safeParse(await jsonIn(path)).success;

async function itemsOf(root: string, path: string, part: PartName): Promise<Items & { classes: string[] | undefined }> {
  const { classes, labels } = expectKind(path, schema, await jsonIn(path));
  const written = Object.entries(labels).map(([file, value]): Item => {
    const where = `${path}, ${file}`;
    return { file, where, text: textOf(value, classes ?? null, where), part };
  });
  const data = join(dirname(path), "data");
  const folder = (await kindOf(data)) === "folder" ? data : dirname(path);
  const { items, notes } = await locate(path, folder, written);
  const inside = folder.slice(root.length).replace(/^\/+/, "");
  const placed = inside === "" ? items : items.map((item) => ({ ...item, file: `${inside}/${item.file}` }));
  return { items: placed, notes, classes: classes ?? undefined };
}

function textOf(value: z.output<typeof label>, classes: readonly string[] | null, where: string): string {
  if (value === null) return "";
  if (typeof value === "string" || classes === null) return String(value);
  const name = classes[value];
  if (name !== undefined) return name;
  throw new InputError(`${where}: label ${value} is out of range; expected 0 to ${classes.length - 1}`);
}
