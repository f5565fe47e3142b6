// Archives that are read as folders. Paths with the archive's name, a slash and more lead into one; the name alone is the file.
import { resolve } from "node:path";

/** The contents of an archive. */
export interface Mounted {
  /** Of each folder, by its path in the archive, the sorted names; those of folders end in `/`. The archive itself is "". */
  readonly folders: ReadonlyMap<string, readonly string[]>;
  readonly files: ReadonlySet<string>;
  /** The bytes of one of the files. */
  read(name: string): Promise<Uint8Array>;
}

const mounts = new Map<string, Mounted>();

/** From now on paths lead into the archive; returns that of its folder. */
export function mount(archive: string, contents: Mounted): string {
  mounts.set(resolve(archive), contents);
  return `${archive}/`;
}

/** What a path leads to: a mounted archive and the path inside, "" for its folder; null for all other paths. */
export function mountedAt(path: string): { readonly archive: Mounted; readonly inside: string } | null {
  if (mounts.size === 0) return null;
  const full = resolve(path);
  for (const [root, archive] of mounts) {
    if (full === root) return path.endsWith("/") ? { archive, inside: "" } : null;
    if (full.startsWith(`${root}/`)) return { archive, inside: full.slice(root.length + 1) };
  }
  return null;
}

/** The folders of an archive with these files, for `Mounted`. */
export function foldersOf(files: Iterable<string>): Map<string, string[]> {
  const names = new Map<string, Set<string>>([["", new Set()]]);
  for (const file of files) {
    for (let end = file.length; end > 0; ) {
      const isFile = end === file.length;
      const slash = file.lastIndexOf("/", end - 1);
      const folder = file.slice(0, Math.max(slash, 0));
      const known = names.get(folder);
      const inside = known ?? new Set();
      inside.add(`${file.slice(slash + 1, end)}${isFile ? "" : "/"}`);
      names.set(folder, inside);
      // The folders above are known with the first of their files.
      end = known === undefined ? slash : 0;
    }
  }
  return new Map([...names].map(([folder, inside]) => [folder, [...inside].sort(byName)]));
}

/** As a folder on disk is listed: by the names themselves. */
function byName(a: string, b: string): number {
  const [left, right] = [a.replace(/\/$/, ""), b.replace(/\/$/, "")];
  return left < right ? -1 : left > right ? 1 : 0;
}
