// @ts-check
// Remembers what a step was last done for, so that it is skipped until its inputs change.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUILD } from "./paths.mjs";

const STAMPS = join(BUILD, "stamps");

/**
 * A hash of the names and contents of files; a folder counts with every file in it.
 * @param {string} root
 * @param {string[]} paths relative to root
 * @param {(file: string) => boolean} counts which of a folder's files count
 */
export function hashFiles(root, paths, counts = () => true) {
  const hash = createHash("sha256");
  for (const file of paths.flatMap((path) => filesOf(root, path)).filter(counts)) {
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/** @param {string} root @param {string} path @returns {string[]} */
function filesOf(root, path) {
  if (!existsSync(join(root, path))) return [];
  try {
    const entries = readdirSync(join(root, path), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1)).sort();
  } catch {
    return [path];
  }
}

/** @param {string} name @param {string} key */
export function isStamped(name, key, folder = STAMPS) {
  const file = join(folder, name);
  return existsSync(file) && readFileSync(file, "utf8") === key;
}

/** @param {string} name @param {string} key */
export function stamp(name, key, folder = STAMPS) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.new`), key);
  renameSync(join(folder, `${name}.new`), join(folder, name));
}
