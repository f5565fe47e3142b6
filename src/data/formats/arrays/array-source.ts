// Named arrays, wherever they lie: the entries of an .npz, or the .npy files of a folder.
import { basename, dirname, extname, join } from "node:path";
import { unzipSync } from "fflate";
import { InputError } from "../../../errors.js";
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
  const bytes = await readBytes(path);
  const entries = unzipOrRefuse(path, bytes);
  const files = entries.map(
    ([name, content]) => [name, { name: `${path}: ${name}`, read: async () => content }] as const,
  );
  return sourceOf(new Map(files));
}

function unzipOrRefuse(path: string, bytes: Uint8Array): [string, Uint8Array][] {
  try {
    return Object.entries(unzipSync(bytes, { filter: ({ name }) => name.endsWith(".npy") }));
  } catch (error) {
    throw new InputError(`${path}: truncated or damaged: not a zip archive (${(error as Error).message})`);
  }
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
