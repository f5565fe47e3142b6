// All images below folders: each real folder once, whatever links lead to it, and one bad folder stops nothing.
import { realpath } from "node:fs/promises";
import { extname, join } from "node:path";
import { compare, type Entry, forEachBounded, isSystemFolder, listEverything } from "../../files.js";
import { beginsAsImage, isImage } from "../images/image-files.js";

/** What a walk passes over. */
export interface PassedOver {
  /** The endings of files that are no images, one a file. */
  readonly others: string[];
  readonly systemFolders: string[];
  /** Folders that cannot be read, with the reason. */
  readonly unreadable: string[];
  /** Links to folders that were read already. */
  readonly repeated: string[];
  /** Images that are links, which may lead to a file that lies elsewhere, too. */
  readonly linkedImages: string[];
  /** Folders below so many others that they are not looked into. */
  readonly tooDeep: string[];
}

/** The state of a walk over the parts of a data set. */
export interface Walk extends PassedOver {
  readonly root: string;
  /** The real paths of the folders read so far. */
  readonly seen: Set<string>;
}

const deepest = 8;
/** Folders that are listed at a time; a network disk answers many as fast as one. */
const listedAtOnce = 16;

export const startWalk = (root: string): Walk => ({
  root,
  seen: new Set(),
  others: [],
  systemFolders: [],
  unreadable: [],
  repeated: [],
  linkedImages: [],
  tooDeep: [],
});

/** Paths in data sets are written with `/` everywhere, so that their order agrees between systems. */
export const joined = (folder: string, name: string) => (folder === "" ? name : `${folder}/${name}`);

/** What lies in one folder, for the walk's lists: images, and folders but those of systems; null where it cannot be read. */
export async function visit(walk: Walk, folder: string): Promise<{ images: string[]; folders: Entry[] } | null> {
  const entries = await listEverything(join(walk.root, folder)).catch((error: Error) => {
    walk.unreadable.push(`${folder} (${error.message.replace(/^cannot read ".*": /s, "")})`);
    return null;
  });
  if (entries === null) return null;
  const images: string[] = [];
  const folders: Entry[] = [];
  for (const entry of entries) {
    const path = joined(folder, entry.name);
    if (isSystemFolder(entry)) walk.systemFolders.push(path);
    else if (entry.isFolder) folders.push(entry);
    else if (isImage(entry.name) || (await beginsAsImage(join(walk.root, path)))) {
      images.push(path);
      if (entry.isLink) walk.linkedImages.push(path);
    } else walk.others.push(extname(entry.name));
  }
  return { images, folders };
}

/** A link to a folder, and the list that its images belong to. */
interface Link {
  readonly folder: string;
  readonly images: string[];
  readonly depth: number;
}

/**
 * The images below each of the folders, by their paths from the walk's root. Folders come before links to them; links are
 * followed in the order of their paths, so that the result is the same on every run.
 */
export async function imagesBelowEach(walk: Walk, folders: readonly Entry[], parent: string): Promise<string[][]> {
  const found = folders.map((): string[] => []);
  const links: Link[] = [];
  await forEachBounded(folders.length, listedAtOnce, async (i) => {
    const { name, isLink } = folders[i] as Entry;
    const start = { folder: joined(parent, name), images: found[i] as string[], depth: 0 };
    if (isLink) links.push(start);
    else await descend(walk, start, links);
  });
  while (links.length > 0) {
    const next = links.sort((a, b) => compare(b.folder, a.folder)).pop() as Link;
    await descend(walk, next, links);
  }
  return found.map((images) => images.sort(compare));
}

async function descend(walk: Walk, { folder, images, depth }: Link, links: Link[]): Promise<void> {
  if (depth > deepest) walk.tooDeep.push(folder);
  if (depth > deepest || !(await isNew(walk, folder))) return;
  const inside = await visit(walk, folder);
  for (const image of inside?.images ?? []) images.push(image);
  for (const { name, isLink } of inside?.folders ?? []) {
    const below = { folder: joined(folder, name), images, depth: depth + 1 };
    if (isLink) links.push(below);
    else await descend(walk, below, links);
  }
}

/** Whether a folder has not been read before, and is not above or at the root of the data set by a link that leads back. */
export async function isNew(walk: Walk, folder: string): Promise<boolean> {
  const path = join(walk.root, folder);
  const real = await realpath(path).catch(() => path);
  const root = await realpath(walk.root).catch(() => walk.root);
  const leadsBack = folder !== "" && `${root}/`.startsWith(`${real}/`);
  const isKnown = leadsBack || walk.seen.has(real);
  if (isKnown) walk.repeated.push(folder);
  walk.seen.add(real);
  return !isKnown;
}
