// Archives in place of folders: read in place where they hold images, else extracted once into a cache, and read from there.
import { createHash } from "node:crypto";
import { mkdir, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { InputError } from "../../errors.js";
import { fileNames, kindOf, listFolder, reasonOf } from "../files.js";
import { cacheFolder } from "../folder-index.js";
import { isImage } from "../formats/images/image-files.js";
import { extractTar } from "./extract-tar.js";
import { extractZip } from "./extract-zip.js";
import type { Extracted } from "./extracted.js";
import { mountArchive } from "./in-place.js";
import { removeAbandoned, workingName } from "./working-folder.js";

/** Data to read: the path itself, or the folder that stands for the archive that it names. */
export interface Unpacked {
  readonly path: string;
  /** The archive, and the folder that stands for it; null for other data. */
  readonly archive: { readonly path: string; readonly folder: string } | null;
  readonly notes: readonly string[];
}

type Extract = (archive: string, folder: string) => Promise<Extracted>;

const kinds: readonly (readonly [ending: RegExp, extract: Extract])[] = [
  [/\.zip$/i, extractZip],
  [/\.(tar|tar\.gz|tgz)$/i, extractTar],
];
const otherArchives = /\.(rar|7z|tar\.(bz2|xz|zst)|tbz2?|txz)$/i;
/** Archives in archives are extracted, too, as in the downloads of competitions: so many levels deep. */
const deepest = 2;

/**
 * Where the data at `path` lies: the path itself, unless it is an archive (`.zip`, `.tar`, `.tar.gz`, `.tgz`) or leads into one,
 * as `photos.zip/labels.csv`. A zip or an uncompressed tar of images is read in place (see `mountArchive`). Any other archive is
 * extracted in a cache once, for as long as it does not change; the extraction takes its place by one rename when it is complete.
 * A single folder in an archive is entered.
 *
 * Throws `InputError` for an archive that is damaged, encrypted or of another kind, holds files with paths outside of it, or
 * needs more space than is free.
 */
export async function unpack(path: string): Promise<Unpacked> {
  const archive = await archiveIn(path);
  if (archive === null) return { path, archive: null, notes: [] };
  const mounted = await mountArchive(archive);
  const extracted = mounted ?? (await extractedFolder(archive));
  const inside = relative(archive, path);
  const folder = await enterOnly(extracted);
  return {
    path: inside === "" ? folder : join(folder, inside),
    archive: { path: archive, folder },
    notes: mounted === null ? [`${archive} was extracted to ${extracted}`] : [],
  };
}

/** Whether a file's name is that of an archive that can be read. */
export const isArchive = (name: string) => kinds.some(([ending]) => ending.test(name));

/** An error's message, the archive named in place of its folder. */
export function namingArchive(error: Error, { archive }: Unpacked): Error {
  if (archive === null || !(error instanceof InputError)) return error;
  const named = archive.folder.endsWith("/")
    ? [`${archive.folder}"`, `${archive.path}"`]
    : [archive.folder, archive.path];
  return new InputError(error.message.replaceAll(named[0]!, named[1]!));
}

/** The archive that a path is or leads into; null for none. */
async function archiveIn(path: string): Promise<string | null> {
  for (let at = path; ; at = dirname(at)) {
    const isOther = otherArchives.test(at);
    if (isOther || isArchive(at)) {
      const kind = await kindOf(at);
      if (kind === "file" && isOther)
        throw new InputError(`"${at}": expected .zip, .tar, .tar.gz or the extracted folder`);
      if (kind === "file") return at;
    }
    if (dirname(at) === at) return null;
  }
}

async function extractedFolder(archive: string): Promise<string> {
  const cache = cacheFolder("archives");
  if (cache === null) {
    throw new InputError(
      `"${archive}" cannot be extracted without a home folder; expected XDG_CACHE_HOME, or the extracted folder`,
    );
  }
  const { size, mtimeNs } = await stat(archive, { bigint: true });
  const state = [await realpath(archive), size, mtimeNs].join("\n");
  const folder = join(cache, createHash("sha256").update(state).digest("hex").slice(0, 16));
  if ((await kindOf(folder)) === "folder") return folder;
  await removeAbandoned(cache);
  const working = join(cache, workingName());
  try {
    await mkdir(working, { recursive: true });
    await extractAll(archive, working, 0);
    await rename(working, folder).catch(async (error) => {
      // Another process was faster.
      if ((await kindOf(folder)) !== "folder") throw error;
    });
  } catch (error) {
    throw error instanceof InputError
      ? error
      : new InputError(`"${archive}" cannot be extracted to ${cache}: ${reasonFor(error as Error, cache)}`);
  } finally {
    await rm(working, { recursive: true, force: true }).catch(() => undefined);
  }
  return folder;
}

function reasonFor(error: NodeJS.ErrnoException, cache: string): string {
  return error.code === "ENOSPC" ? "the disk is full" : reasonOf(error, cache);
}

async function extractAll(archive: string, folder: string, depth: number): Promise<void> {
  const extract = kinds.find(([ending]) => ending.test(archive))?.[1] as Extract;
  const { files } = await extract(archive, folder);
  for (const file of depth < deepest ? files : []) {
    const ending = kinds.find(([candidate]) => candidate.test(file))?.[0];
    if (ending === undefined) continue;
    const inner = join(folder, file);
    const place = inner.replace(ending, "");
    if ((await kindOf(place)) !== "missing") continue;
    await mkdir(place);
    await extractAll(inner, place, depth + 1);
    await rm(inner);
  }
}

/** The folder, or the one that is all it holds, unless that holds images itself. */
async function enterOnly(folder: string): Promise<string> {
  const entries = await listFolder(folder);
  const [only] = entries;
  if (entries.length !== 1 || !only?.isFolder) return folder;
  const inner = join(folder, only.name);
  return (await fileNames(inner)).some(isImage) ? folder : enterOnly(inner);
}
