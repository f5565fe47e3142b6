// Archives of images that are read in place: as a folder, each image from where it begins.
import { realpath, stat } from "node:fs/promises";
import { extname } from "node:path";
import { imageSource } from "../containers/containers.js";
import { tarIndex } from "../containers/tar-index.js";
import { isImage } from "../formats/images/image-files.js";
import { foldersOf, mount } from "./mounted.js";
import { openZip } from "./zip-entries.js";

/** Files beside images that are read as a whole, or not at all. */
const texts = [
  ".csv",
  ".tsv",
  ".json",
  ".jsonl",
  ".txt",
  ".md",
  ".xml",
  ".yaml",
  ".yml",
  ".log",
  ".html",
  ".pdf",
  ".ini",
];

/** Whether a file does not have to be on disk to be read, by its name. */
const isReadable = (name: string) => isImage(name) || texts.includes(extname(name).toLowerCase());

const known = new Map<string, { readonly version: string; readonly folder: string | null }>();

/**
 * The folder that stands for a zip or an uncompressed tar of images, labels beside them; null for other archives, which have to be
 * extracted. Its index is read once for as long as it does not change.
 *
 * Throws `InputError` as `openZip` and `tarIndex`.
 */
export async function mountArchive(archive: string): Promise<string | null> {
  const namesOf = /\.zip$/i.test(archive) ? zipNames : /\.tar$/i.test(archive) ? tarNames : null;
  if (namesOf === null) return null;
  const { size, mtimeNs } = await stat(archive, { bigint: true });
  const version = [await realpath(archive), size, mtimeNs].join("\n");
  const before = known.get(archive);
  if (before?.version === version) return before.folder;
  const folder = mounted(archive, await namesOf(archive));
  known.set(archive, { version, folder });
  return folder;
}

function mounted(archive: string, names: readonly string[]): string | null {
  const visible = names.filter((name) => !/(?:^|\/)\./.test(name));
  if (!visible.some(isImage) || !visible.every(isReadable)) return null;
  return mount(archive, {
    folders: foldersOf(visible),
    files: new Set(visible),
    read: async (name) => (await imageSource(`${archive}/${name}`)) as Uint8Array,
  });
}

async function zipNames(archive: string): Promise<string[]> {
  const { zip, entries } = await openZip(archive);
  zip.close();
  return entries.map(({ fileName }) => fileName);
}

const tarNames = async (archive: string) => (await tarIndex(archive)).map(({ name }) => name);
