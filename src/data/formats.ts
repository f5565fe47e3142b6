// The formats known, and the one way in: a path and what the user says of it, to a data set that training can rely on.
import { extname, join } from "node:path";
import { didYouMean, InputError } from "../errors.js";
import { option } from "../options/index.js";
import { isArchive, namingArchive, unpack } from "./archives/unpack.js";
import { fileNames, kindOf, listFolder } from "./files.js";
import { arrays } from "./formats/arrays/arrays.js";
import { idx } from "./formats/arrays/idx.js";
import { cifar10, cifar100 } from "./formats/cifar/cifar.js";
import { withClassNames } from "./formats/class-names.js";
import { holdsImage } from "./formats/folders/class-folders.js";
import { folders } from "./formats/folders/folders.js";
import { isImage } from "./formats/images/image-files.js";
import { datumaro } from "./formats/listed/datumaro.js";
import { fiftyOne } from "./formats/listed/fiftyone.js";
import { imagenetTxt } from "./formats/listed/imagenet-txt.js";
import { labelStudio } from "./formats/listed/label-studio.js";
import { manifest } from "./formats/listed/manifest.js";
import { parquet } from "./formats/packed/parquet.js";
import { webdataset } from "./formats/packed/webdataset.js";
import { stl10 } from "./formats/stl-10.js";
import { svhn } from "./formats/svhn.js";
import { listed } from "./listed.js";
import { shapesDataSet } from "./synthetic/shapes.js";
import { shapesNamed } from "./synthetic/shapes-name.js";
import type { DataSet, Format, ReadOptions } from "./types.js";
import { validated } from "./validate.js";

/** Every format, in the order in which they are tried: the ones that take most for theirs come last. */
export const formats: readonly Format[] = [
  cifar10,
  cifar100,
  stl10,
  svhn,
  idx,
  arrays,
  parquet,
  webdataset,
  labelStudio,
  fiftyOne,
  datumaro,
  imagenetTxt,
  manifest,
  folders,
];

/** Folders whose files are named in the message on data that no format recognizes. */
const mostFoldersDescribed = 10;

/** What the user may say of a data set: the format's name, and how it is read. */
export interface DataOptions extends ReadOptions {
  readonly format?: string;
}

/**
 * Reads the data set at `path` in the format named, or else in the first that recognizes it; draws the built-in shapes where the
 * path names them (see `shapesName`). An archive that holds no shard of WebDataset is read as a folder (see `unpack`).
 *
 * Throws `InputError` on an unknown format, a path that is missing or empty or that no format recognizes, and on whatever
 * the format or `validated` refuses.
 */
export async function readDataSet(path: string, { format, ...options }: DataOptions = {}): Promise<DataSet> {
  const shapes = shapesNamed(path);
  if (shapes !== null) return validated(shapesDataSet(shapes), options);
  const named = format === undefined ? null : formatNamed(format);
  if (named === webdataset || (named === null && (await webdataset.detect(path)))) {
    return finished(await webdataset.read(path, options), options);
  }
  const unpacked = await unpack(path);
  try {
    const data = await readFrom(unpacked.path, named, options);
    return { ...data, notes: [...unpacked.notes, ...data.notes] };
  } catch (error) {
    throw namingArchive(error as Error, unpacked);
  }
}

/** What the names of a data set's files are relative to, with `folderOf`: the path, or the folder that stands for an archive. */
export async function dataPlace(path: string): Promise<string> {
  return (await webdataset.detect(path)) ? path : (await unpack(path)).path;
}

async function readFrom(path: string, named: Format | null, options: ReadOptions): Promise<DataSet> {
  await checkSomethingThere(path);
  const chosen = named ?? (await detectFormat(path));
  return finished(await chosen.read(path, options), options);
}

const finished = async (data: DataSet, options: ReadOptions) =>
  validated(options.classes === undefined ? data : await withClassNames(data, options.classes), options);

function formatNamed(name: string): Format {
  const known = formats.map((format) => format.name);
  const found = formats.find((format) => format.name === name);
  if (found !== undefined) return found;
  throw new InputError(`unknown format "${name}"${didYouMean(name, known)}; expected one of ${known.join(", ")}`);
}

async function checkSomethingThere(path: string): Promise<void> {
  const kind = await kindOf(path);
  if (kind === "missing") throw new InputError(`there is no data at "${path}"; expected a folder or a file`);
  if (kind === "folder" && (await listFolder(path)).length === 0) {
    throw new InputError(`the data folder "${path}" is empty; expected a data set of ${knownFormats()}`);
  }
}

async function detectFormat(path: string): Promise<Format> {
  for (const format of formats) {
    if (!(await format.detect(path))) continue;
    if (format === arrays && (await holdsClasses(path))) throw new InputError(twoReadings(path));
    return format;
  }
  if (isImage(path))
    throw new InputError(`"${path}" is a single image; expected a folder of images, or a table of them`);
  throw new InputError(`no format recognizes "${path}" (${await describe(path)}); known are ${knownFormats()}`);
}

/** Whether a folder holds, beside its files, folders of images. */
async function holdsClasses(path: string): Promise<boolean> {
  const inside = (await kindOf(path)) === "folder" ? await listFolder(path) : [];
  const folders = inside.filter(({ isFolder }) => isFolder);
  const holding = await Promise.all(folders.slice(0, 10).map(({ name }) => holdsImage(join(path, name), 2)));
  return holding.filter(Boolean).length > 1;
}

const twoReadings = (path: string) =>
  `"${path}" holds arrays with labels, and folders of images; expected ${option("format", "arrays")} or ${option("format", "folders")}`;

async function describe(path: string): Promise<string> {
  if ((await kindOf(path)) === "file") return "a file";
  const entries = await listFolder(path);
  const [only] = entries;
  if (entries.length === 1 && only?.isFolder)
    return `it holds the folder ${only.name}: is the data in ${join(path, only.name)}?`;
  const archives = entries.filter(({ name, isFolder }) => !isFolder && isArchive(name)).map(({ name }) => name);
  if (archives.length > 0)
    return `it holds ${listed(archives, 3)}: expected its files extracted, or an archive as the data, such as ${join(path, archives[0] as string)}`;
  const files = new Set(entries.filter(({ isFolder }) => !isFolder).map(({ name }) => endingOf(name)));
  const inside = new Set<string>();
  for (const { name, isFolder } of entries.slice(0, mostFoldersDescribed)) {
    if (isFolder) for (const file of await fileNames(join(path, name))) inside.add(endingOf(file));
  }
  const below = inside.size === 0 ? "folders" : `folders with ${listed([...inside])}`;
  return `it holds ${listed([...files, ...(entries.some(({ isFolder }) => isFolder) ? [below] : [])])}`;
}

const endingOf = (name: string) => extname(name) || "files without an ending";

function knownFormats(): string {
  return formats.map(({ name }) => name).join(", ");
}
