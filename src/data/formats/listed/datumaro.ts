// Datumaro's annotations, which CVAT exports: a JSON file a subset in `annotations`.
// @see https://open-edge-platform.github.io/datumaro/ (Datumaro format)
import { basename, dirname, extname, join } from "node:path";
import { z } from "zod";
import { InputError } from "../../../errors.js";
import { fileNames, kindOf } from "../../files.js";
import { leftOut } from "../../listed.js";
import { partOfName, partsOfFiles } from "../../part-names.js";
import type { DataSet, Format } from "../../types.js";
import { type Item, readItemSet } from "./item-set.js";
import { expectKind, jsonIn } from "./json-file.js";
import { locate } from "./locate.js";

const image = z.object({ path: z.string().optional() }).nullish();
const annotation = z.object({ type: z.string(), label_id: z.int().optional() });
const schema = z.object({
  categories: z.object({ label: z.object({ labels: z.array(z.object({ name: z.string() })) }) }),
  items: z.array(z.object({ id: z.string(), annotations: z.array(annotation).default([]), image, media: image })),
});

/** A folder with `annotations/<subset>.json`, or one such file; the images are below the folder, by their paths or names. */
export const datumaro: Format = {
  name: "datumaro",
  async detect(path) {
    const [first] = await annotationFiles(path).catch(() => []);
    return first !== undefined && schema.safeParse(await jsonIn(first)).success;
  },
  async read(path, options): Promise<DataSet> {
    const files = await annotationFiles(path);
    if (files.length === 0) throw new InputError(`"${path}" has no annotations/*.json; expected Datumaro's`);
    const read = await Promise.all(
      files.map(async (file) => ({ file, ...expectKind(file, schema, await jsonIn(file)) })),
    );
    const lists = read.map(({ categories }) => categories.label.labels.map(({ name }) => name));
    const classes = lists[0] ?? [];
    const other = lists.findIndex((names) => String(names) !== String(classes));
    if (other > 0) throw new InputError(`${files[other]}: other categories than in ${files[0]}; expected the same`);
    const parts = partsOfFiles(files.map((file) => partOfName(basename(file, ".json"))));
    const written = read.flatMap(({ file, items }, i) => {
      const part = parts[i];
      if (part == null) return [];
      return items.map((item): Item => {
        const where = `${file}, item ${item.id}`;
        const place = item.media?.path || item.image?.path || item.id;
        return { file: place, where, text: labelIn(item.annotations, classes, where), part };
      });
    });
    const folder = (await kindOf(path)) === "folder" ? path : dirname(dirname(path));
    const { items, notes } = await locate(path, folder, written);
    const unused = leftOut(
      "annotations of no part",
      files.filter((_, i) => parts[i] === null),
    );
    const set = { format: "datumaro", path, folder, classes, mayLackLabels: true, items };
    return readItemSet({ ...set, notes: [...unused, ...notes] }, options);
  },
};

async function annotationFiles(path: string): Promise<string[]> {
  const isJson = (name: string) => extname(name).toLowerCase() === ".json";
  if ((await kindOf(path)) === "file") return isJson(path) && basename(dirname(path)) === "annotations" ? [path] : [];
  const folder = join(path, "annotations");
  if ((await kindOf(folder)) !== "folder") return [];
  return (await fileNames(folder)).filter(isJson).map((name) => join(folder, name));
}

/** The only label of an item; "" for none. Boxes and others are not read. */
function labelIn(
  annotations: readonly z.output<typeof annotation>[],
  classes: readonly string[],
  where: string,
): string {
  const [first, second] = annotations.filter(({ type }) => type === "label");
  if (first === undefined) return "";
  if (second !== undefined) throw new InputError(`${where}: several labels; expected one an image`);
  const name = classes[first.label_id ?? -1];
  if (name !== undefined) return name;
  throw new InputError(`${where}: label_id ${first.label_id} is out of range; expected 0 to ${classes.length - 1}`);
}
