// WebDataset: tar files in which each image is followed or preceded by its label; read in place.
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { InputError } from "../../../errors.js";
import { expandBraces, folderOfBraces, hasBraces } from "../../braces.js";
import { tarIndex } from "../../containers/tar-index.js";
import { forEachBounded, kindOf, listFolder } from "../../files.js";
import type { DataSet, Format, ReadOptions } from "../../types.js";
import { isImage } from "../images/image-files.js";
import { type Item, readItemSet } from "../listed/item-set.js";
import { readShards, type Shard } from "./shards.js";
import { labelFields, labelOf } from "./tar-labels.js";
import { imageFields, tarSamples } from "./tar-samples.js";

const isTar = (name: string) => extname(name).toLowerCase() === ".tar";
/** Labels are short files far apart: several are read at a time. */
const readAtOnce = 16;

/**
 * A tar file, a folder of them, or a path with braces, whose names may say the part. A label is a number or a name in `.cls` or
 * `.txt`, or a key of `.json`. Archives of folders are no shards: they are extracted.
 */
export const webdataset: Format = {
  name: "webdataset",
  async detect(path) {
    if (hasBraces(path)) return isTar(path);
    const [first] = await shardFiles(path).catch(() => []);
    return first !== undefined && (await holdsLabels(join(folderOf(path, await kindOf(path)), first)));
  },
  async read(path, options): Promise<DataSet> {
    const folder = hasBraces(path) ? folderOfBraces(path) : folderOf(path, await kindOf(path));
    const files = await shardFiles(path);
    if (files.length === 0) throw new InputError(`"${path}" holds no tar file; expected one or more`);
    const { read, notes } = await readShards(files, options.strict === true, (shard) =>
      itemsOf(folder, shard, options),
    );
    const items = read.flat();
    if (items.length === 0) throw new InputError(`"${path}": no sample has an image; expected .jpg, .png or .webp`);
    return readItemSet({ format: "webdataset", path, folder, items, notes, mayLackLabels: true }, options);
  },
};

const folderOf = (path: string, kind: Awaited<ReturnType<typeof kindOf>>) => (kind === "folder" ? path : dirname(path));

/** The shards, by their paths from the data folder. */
async function shardFiles(path: string): Promise<string[]> {
  if (hasBraces(path)) {
    const folder = resolve(folderOfBraces(path));
    return expandBraces(path).map((file) => relative(folder, resolve(file)).replaceAll("\\", "/"));
  }
  if ((await kindOf(path)) === "file") return isTar(path) ? [basename(path)] : [];
  const entries = await listFolder(path);
  return entries.filter(({ name, isFolder }) => !isFolder && isTar(name)).map(({ name }) => name);
}

/** Whether some sample of a tar file has an image and a label. Texts next to the images of several folders are captions: the folders are the classes. */
async function holdsLabels(path: string): Promise<boolean> {
  const members = await tarIndex(path).catch(() => []);
  const samples = tarSamples(members).filter((sample) => imageFields(sample, isImage).length > 0);
  const isOneFolder = new Set(samples.map(({ key }) => dirname(key))).size === 1;
  const fields = labelFields.filter((field) => field !== "txt" || isOneFolder);
  return samples.some((sample) => fields.some((field) => sample.fields.has(field)));
}

/** The samples that have an image. */
async function itemsOf(folder: string, { file, part }: Shard, { labelColumn }: ReadOptions): Promise<Item[]> {
  const path = join(folder, file);
  const samples = tarSamples(await tarIndex(path)).filter((sample) => imageFields(sample, isImage).length > 0);
  const items: Item[] = new Array(samples.length);
  await forEachBounded(samples.length, readAtOnce, async (i) => {
    const sample = samples[i]!;
    const [field, another] = imageFields(sample, isImage);
    if (another !== undefined) {
      throw new InputError(`${path}: the sample ${sample.key} has several images (${field}, ${another}); expected one`);
    }
    const place = `${file}/${sample.fields.get(field!)!.name}`;
    items[i] = { file: place, where: place, text: await labelOf(path, sample, labelColumn), part };
  });
  return items;
}
