// @ts-check
// Checks the public exports: the entries of package.json, and wildcard re-exports.

import { importsOf } from "./imports.mjs";

/**
 * Every file that package.json's exports name, with the entry that names it.
 * @param {{ exports: Record<string, string | Record<string, string>> }} manifest
 * @returns {{ entry: string, file: string }[]}
 */
export function exportedFiles(manifest) {
  return Object.entries(manifest.exports).flatMap(([entry, target]) =>
    (typeof target === "string" ? [target] : Object.values(target)).map((file) => ({ entry, file })),
  );
}

/**
 * The wildcard re-exports of a module, one line each: a public name is always written out.
 * @param {string} file relative to src/
 * @param {string} text its source
 */
export function wildcardExports(file, text) {
  const wildcards = importsOf(text).filter(({ wildcard }) => wildcard);
  return wildcards.map(({ from, line }) => `src/${file}:${line}: export * from "${from}": name what is exported`);
}
