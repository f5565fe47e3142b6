// The runs below a folder. Requests name a run by its id, which is looked up among those found and never joined to a path.
import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { isRun } from "../../../runs/run-folder.js";

/** Folders looked at, at most. */
const mostFolders = 20_000;

export interface FoundRun {
  /** Its folder relative to the runs folder, with slashes; "." for that folder itself. */
  readonly id: string;
  readonly path: string;
}

/** All runs up to `deepest` folders below one; a run's own folders and hidden ones are not looked into, links are not followed. */
export function findRuns(root: string, deepest: number): FoundRun[] {
  const found: FoundRun[] = [];
  let left = mostFolders;
  const visit = (path: string, names: readonly string[]): void => {
    if (left-- <= 0) return;
    if (isRun(path)) found.push({ id: names.join("/") || ".", path });
    else if (names.length < deepest) {
      for (const { name } of foldersIn(path)) visit(join(path, name), [...names, name]);
    }
  };
  visit(root, []);
  return found;
}

function foldersIn(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules",
    );
  } catch {
    return [];
  }
}
