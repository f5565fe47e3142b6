// Expands inputs to file paths: files, folders, patterns, or a list on standard input.
import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { leadsIntoFile } from "../../data/containers/containers.js";
import { compare, kindOf, listFolder } from "../../data/files.js";
import { beginsAsImage, imageEndings, isImage } from "../../data/formats/images/image-files.js";
import { isPacked, packedImages } from "../../data/formats/packed/packed-images.js";
import { InputError } from "../../errors.js";

type Chunks = AsyncIterable<string | Uint8Array>;

/** The argument for a list of paths on standard input. */
const listed = "-";

/**
 * Expands arguments to paths, in their order: a file is itself, a parquet file or archive the images in it, a folder all images
 * below it, a pattern the files that it matches, and `-` the paths in `list`, a line each or ended by NUL. Folders and lists are read
 * lazily; other arguments are checked before this returns.
 *
 * @throws InputError for an argument that matches nothing.
 */
export async function listInputs(words: readonly string[], list: Chunks): Promise<AsyncIterable<string>> {
  if (words.length === 0) throw new InputError(`no inputs; expected files, folders, patterns, or ${listed} for a list`);
  if (words.filter((word) => word === listed).length > 1) {
    throw new InputError(`"${listed}" is given more than once; standard input holds one list`);
  }
  const parts = await Promise.all(words.map((word) => (word === listed ? readList(list) : pathsOf(word))));
  return oneAfterAnother(parts);
}

async function* oneAfterAnother(parts: readonly (AsyncIterable<string> | readonly string[])[]): AsyncGenerator<string> {
  for (const part of parts) yield* part;
}

async function pathsOf(word: string): Promise<AsyncIterable<string> | readonly string[]> {
  const kind = await kindOf(word);
  if (kind === "file") return filesIn(word);
  if (kind === "folder") return imagesBelow(word);
  if (leadsIntoFile(word)) return [word];
  if (!isDynamicPattern(word)) throw new InputError(`there is no "${word}"; expected a file, a folder or a pattern`);
  const matching = await glob(word, { expandDirectories: false });
  const found = matching.filter((path) => isImage(path) || isArray(path) || isPacked(path));
  if (found.length > 0) return (await Promise.all(found.sort(compare).map(filesIn))).flat();
  throw new InputError(
    `no image or array matches "${word}"; endings are ${[...imageEndings, ".npy", ".parquet", ".tar", ".zip"].join(", ")}`,
  );
}

/** A file, or the images in one that holds others. */
const filesIn = async (path: string) => (isPacked(path) ? packedImages(path) : [path]);

/** Whether a path is that of an array of samples. */
export function isArray(path: string): boolean {
  return path.toLowerCase().endsWith(".npy");
}

/** Every image below a folder, with an ending or not, sorted by path within each folder; links back to a folder above are not followed. */
async function* imagesBelow(folder: string, above: readonly string[] = []): AsyncGenerator<string> {
  const real = await realpath(folder);
  if (above.some((path) => `${path}${sep}`.startsWith(`${real}${sep}`))) return;
  for (const { name, isFolder } of await listFolder(folder)) {
    const path = join(folder, name);
    if (isFolder) yield* imagesBelow(path, [...above, real]);
    else if (isImage(name) || (await beginsAsImage(path))) yield path;
  }
}

/** The paths of a list: ended by NUL where its beginning holds one, by line ends otherwise. */
async function* readList(chunks: Chunks): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let end: string | null = null;
  let rest = "";
  for await (const chunk of chunks) {
    rest += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    end ??= rest.includes("\0") ? "\0" : rest.includes("\n") ? "\n" : null;
    if (end === null) continue;
    const paths = rest.split(end);
    rest = paths.pop() as string;
    yield* paths.map(withoutReturn).filter(Boolean);
  }
  if (withoutReturn(rest) !== "") yield withoutReturn(rest);
}

const withoutReturn = (line: string) => line.replace(/\r$/, "");
