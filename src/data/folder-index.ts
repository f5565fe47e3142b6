// Cached listings of large folders: on a network disk listing a million names takes minutes, checking dates takes seconds.
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { writeFileAtomic } from "../atomic-files.js";

/** The listing of a folder, and whether its dates reflect all changes; they do not for the targets of links. */
export interface Listing {
  /** Sorted; the names of folders end in `/`, those of links begin with it. */
  readonly names: readonly string[];
  readonly lasting: boolean;
}

interface Index {
  readonly folder: string;
  readonly state: string;
  readonly names: readonly string[];
}

/** Smaller folders are not worth caching. */
const minIndexed = 500;
/** A folder may change again within one tick of its file system's clock; more recent changes are not cached. */
const settledAfterMs = 10_000;

/**
 * A folder `selfadapt/<name>` in `$XDG_CACHE_HOME` or in `~/.cache`; null for a user without a home, as in containers. It may be
 * deleted at any time.
 */
export function cacheFolder(name: "folders" | "archives"): string | null {
  const cache = process.env.XDG_CACHE_HOME || homeCache();
  return cache === null ? null : join(cache, "selfadapt", name);
}

function homeCache(): string | null {
  try {
    return join(homedir(), ".cache");
  } catch {
    return null;
  }
}

/** The dates that change with every entry, and whether the last change is old enough; null without such dates. */
async function stateOf(folder: string): Promise<{ state: string; settled: boolean } | null> {
  const found = await stat(folder, { bigint: true }).catch(() => null);
  if (found === null || found.mtimeNs <= 0n || found.ctimeNs <= 0n) return null;
  const { dev, ino, mtimeNs, ctimeNs } = found;
  const changed = Math.max(Number(found.mtimeMs), Number(found.ctimeMs));
  return { state: [dev, ino, mtimeNs, ctimeNs].join(" "), settled: Date.now() - changed >= settledAfterMs };
}

async function read(place: string): Promise<Partial<Index> | null> {
  try {
    return JSON.parse(await readFile(place, "utf8")) as Partial<Index> | null;
  } catch {
    return null;
  }
}

/** Several runs may list one folder at a time; a disk that takes no index is no reason to stop. */
async function keep(place: string, index: Index): Promise<void> {
  try {
    await mkdir(dirname(place), { recursive: true });
    writeFileAtomic(place, JSON.stringify(index), `${place}.${randomUUID()}`);
  } catch {
    // The folder is listed again next time.
  }
}

/** The entries of a folder: from the cache if it has not changed, else from `list`, which is cached if it is long. */
export async function indexed(path: string, list: () => Promise<Listing>): Promise<readonly string[]> {
  const folder = resolve(path);
  const indices = cacheFolder("folders");
  if (indices === null) return (await list()).names;
  const place = join(indices, `${createHash("sha256").update(folder).digest("hex")}.json`);
  const before = await stateOf(folder);
  const kept = before === null ? null : await read(place);
  if (kept?.names !== undefined && kept.folder === folder && kept.state === before?.state) return kept.names;
  const { names, lasting } = await list();
  if (before?.settled && lasting && names.length >= minIndexed) {
    const { state } = before;
    if ((await stateOf(folder))?.state === state) await keep(place, { folder, state, names });
  }
  return names;
}
