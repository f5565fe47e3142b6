// Named arrays, wherever they lie: the entries of an .npz, or the .npy files of a folder.
import { basename, dirname, extname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { orRefuse } from "../../archives/zip-entries.js";
import { fileNames, readBytes } from "../../files.js";

/** A name with `*` where one of several words may stand. */
export type Place = `${string}*${string}`;

/** The bytes of a `.npy` file, wherever it is, and its name for messages. */
export interface ArrayFile {
  readonly name: string;
  read(): Promise<Uint8Array>;
}

/** Arrays by name, each read when it is needed; names are compared without case, `_`, `-` and `.`. */
export interface ArraySource {
  readonly names: readonly string[];
  get(name: string): ArrayFile | null;
  /** The first array that a word in the first place names, then in the second, and so on. */
  find(words: readonly string[], places: readonly Place[]): ArrayFile | null;
}

/** Whether a path's ending is that of arrays. */
export function isSource(path: string): boolean {
  return [".npy", ".npz"].includes(extname(path).toLowerCase());
}

/** The name of the array that a `.npy` path itself chooses, among those of its folder; null for an `.npz` or a folder. */
export function chosenFile(path: string): string | null {
  return extname(path).toLowerCase() === ".npy" ? plainName(basename(path)) : null;
}

/** Opens an `.npz`, the folder `path`, or the folder of a `.npy`. Throws `InputError` on an `.npz` that is damaged. */
export async function openSource(path: string): Promise<ArraySource> {
  if (extname(path).toLowerCase() === ".npz") return openZip(path);
  const folder = chosenFile(path) === null ? path : dirname(path);
  const names = (await fileNames(folder)).filter((name) => extname(name).toLowerCase() === ".npy");
  const fileAt = (path: string): ArrayFile => ({ name: path, read: () => readBytes(path) });
  return sourceOf(new Map(names.map((name) => [name, fileAt(join(folder, name))])));
}

async function openZip(path: string): Promise<ArraySource> {
  const bytes = Buffer.from(await readBytes(path));
  const zip = await orRefuse(path, fromBufferPromise(bytes));
  const files = new Map<string, ArrayFile>();
  for await (const entry of zip.eachEntry()) {
    const { fileName } = entry;
    if (!fileName.endsWith(".npy")) continue;
    const content = await orRefuse(path, contentOf(zip, entry));
    files.set(fileName, { name: `${path}: ${fileName}`, read: async () => content });
  }
  return sourceOf(files);
}

async function contentOf(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const content = await buffer(await zip.openReadStreamPromise(entry));
  if (crc32(content) !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is another`);
  return content;
}

function sourceOf(files: ReadonlyMap<string, ArrayFile>): ArraySource {
  const byName = new Map([...files].map(([name, file]) => [plainName(name), file]));
  const get = (name: string) => byName.get(name) ?? null;
  const find: ArraySource["find"] = (words, places) => {
    const candidates = places.flatMap((place) => words.map((word) => place.replace("*", word)));
    const name = candidates.find((candidate) => byName.has(candidate));
    return name === undefined ? null : get(name);
  };
  return { names: [...files.keys()].map((name) => name.replace(/\.npy$/i, "")), get, find };
}

function plainName(file: string): string {
  return file
    .toLowerCase()
    .replace(/\.npy$/, "")
    .replace(/[_.-]/g, "");
}
