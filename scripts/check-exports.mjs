// @ts-check
// Fails when an entry of package.json's exports cannot be imported, or a module re-exports with a wildcard.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exportedFiles, wildcardExports } from "./checks/exports.mjs";
import { report, sources } from "./checks/sources.mjs";
import { ROOT } from "./setup/paths.mjs";

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

report([
  ...sources().flatMap(({ file, text }) => wildcardExports(file, text)),
  ...(await Promise.all(exportedFiles(manifest).map(({ entry, file }) => problemOf(entry, file)))).flat(),
]);

/** @param {string} entry @param {string} file */
async function problemOf(entry, file) {
  if (!existsSync(join(ROOT, file))) return [`package.json: ${entry} names ${file}, which does not exist`];
  if (!file.endsWith(".js")) return [];
  try {
    await import(join(ROOT, file));
    return [];
  } catch (error) {
    return [`package.json: ${entry} cannot be imported: ${error instanceof Error ? error.message : error}`];
  }
}
