// Files that hold images: parquet files, tar shards and archives. An image's path leads into its file: `train.parquet/image/12`,
// which is a column and a row; `000.tar/a/1.jpg` and `photos.zip/cat/1.jpg`, which are names.
import { existsSync, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { openZip } from "../archives/zip-entries.js";
import { openParquet } from "./parquet-file.js";
import { imageInRow } from "./parquet-images.js";
import { readAt } from "./read-at.js";
import { tarIndex } from "./tar-index.js";

interface Container {
  /** Throws an `Error` where there is no such image. */
  read(member: string): Promise<Uint8Array>;
  /** Called when the file has changed. */
  close?(): void;
}

interface Kind {
  readonly ending: RegExp;
  open(file: string, version: string): Promise<Container>;
}

const kinds: readonly Kind[] = [
  { ending: /\.parquet$/i, open: openRows },
  { ending: /\.tar$/i, open: openShard },
  { ending: /\.zip$/i, open: openArchive },
];
const inside = /\.(parquet|tar|zip)(?=\/)/gi;

/** A path that leads into a file. */
interface Place {
  readonly file: string;
  readonly member: string;
}

/** The readings of a path as a place in a file. */
const placesIn = (path: string): Place[] =>
  Array.from(path.matchAll(inside), ({ index, 0: ending }) => {
    const end = index + ending.length;
    return { file: path.slice(0, end), member: path.slice(end + 1) };
  });

/** What is opened: the path of a file, or the bytes of an image in a parquet file, a tar or a zip. Throws an `Error` where it has no such image. */
export async function imageSource(path: string): Promise<string | Uint8Array> {
  for (const { file, member } of placesIn(path)) {
    const found = await stat(file).catch(() => null);
    if (found?.isFile()) return (await opened(file, `${found.ino} ${found.size} ${found.mtimeMs}`)).read(member);
  }
  return path;
}

/** The size in bytes of an image's file, or of its bytes in a parquet file, a tar or a zip. Throws where there is no such image. */
export async function imageBytes(path: string): Promise<number> {
  const source = await imageSource(path);
  return typeof source === "string" ? (await stat(source)).size : source.length;
}

/** Whether there is a file at a path, or one that the path leads into; its image may be missing there. */
export const imageExists = (path: string): boolean => existsSync(path) || leadsIntoFile(path);

/** Whether a path leads into a file that exists; its image may be missing there. */
export const leadsIntoFile = (path: string): boolean =>
  placesIn(path).some(({ file }) => statSync(file, { throwIfNoEntry: false })?.isFile());

/** Size and time of the image's file, or of the file that it lies in; "" where neither exists. */
export function imageVersion(path: string): string {
  const places = [path, ...placesIn(path).map(({ file }) => file)];
  const found = places.filter(existsSync).map((place) => statSync(place));
  const file = found.find((stats) => stats.isFile());
  return file === undefined ? "" : `${file.size} ${file.mtimeMs}`;
}

interface Opened {
  readonly version: string;
  readonly container: Promise<Container>;
}

const known = new Map<string, Opened>();

/** Each file's index is read once for as long as the file does not change. */
function opened(file: string, version: string): Promise<Container> {
  const before = known.get(file);
  if (before?.version === version) return before.container;
  before?.container.then(
    ({ close }) => close?.(),
    () => {},
  );
  const kind = kinds.find(({ ending }) => ending.test(file)) as Kind;
  const container = kind.open(file, `${file} ${version}`);
  known.set(file, { version, container });
  container.catch(() => known.delete(file));
  return container;
}

async function openRows(file: string, version: string): Promise<Container> {
  const parquet = await openParquet(file);
  return {
    async read(member) {
      const [, column, row] = /^(.+)\/(\d+)$/.exec(member) ?? [];
      if (column === undefined) throw new Error(`"${member}" is no column and row`);
      if (!parquet.columns.some(({ element }) => element.name === column)) throw new Error(`no column "${column}"`);
      return imageInRow(parquet, version, column, Number(row));
    },
  };
}

async function openArchive(file: string): Promise<Container> {
  const { zip, entries } = await openZip(file);
  const members = new Map(entries.map((entry) => [entry.fileName, entry]));
  return {
    async read(name) {
      const entry = members.get(name);
      if (entry === undefined) throw new Error(`no file "${name}" in it`);
      return buffer(await zip.openReadStreamPromise(entry));
    },
    close: () => zip.close(),
  };
}

async function openShard(file: string): Promise<Container> {
  const members = new Map((await tarIndex(file)).map((member) => [member.name, member]));
  return {
    async read(name) {
      const member = members.get(name);
      if (member === undefined) throw new Error(`no file "${name}" in it`);
      return readAt(file, member.offset, member.size);
    },
  };
}
