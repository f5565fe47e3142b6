// @ts-check
// Imports point down only, without cycles:
// cli -> studio -> serving, studies -> inference, export, reports -> training -> evaluation -> issues, review -> runs
//     -> methods -> objectives -> attacks -> models, data -> torch, metrics -> options.

import { join, posix } from "node:path";
import { importsOf } from "./imports.mjs";

/**
 * The floors of src/ from the top: a folder may import those of the floors below its own.
 * @type {string[][]}
 */
const FLOORS = [
  ["cli"],
  ["studio"],
  ["serving", "studies"],
  ["inference", "export", "reports"],
  ["training"],
  ["evaluation"],
  ["issues", "review"],
  ["runs"],
  ["methods"],
  ["objectives"],
  ["attacks"],
  ["models", "data"],
  ["torch", "metrics"],
  ["options"],
];

/** The page of the studio: it runs in a browser. */
const PAGE = "studio/web";

/** Top-level files that everything may import, and that import only each other. */
const LEAVES = ["atomic-files.ts", "csv-text.ts", "errors.ts", "format.ts", "optional-package.ts", "version.ts"];

/**
 * The imports of one file of src/ that point up or sideways, one line each.
 * @param {string} file relative to src/, with slashes
 * @param {string} text its source
 * @returns {string[]}
 */
export function wrongImports(file, text) {
  const folder = folderOf(file);
  if (folder === "" && !LEAVES.includes(file)) return [];
  const inPage = isPage(file);
  return targetsOf(file, text).flatMap(({ target, line, typeOnly }) =>
    (inPage ? isAllowedInPage(target, typeOnly) : isAllowed(folder, target) && !isPage(target))
      ? []
      : [`${join("src", file)}:${line}: ${describe(inPage ? PAGE : folder || file)} may not import src/${target}`],
  );
}

/**
 * Import cycles, type-only imports included: one line per cycle, with its files.
 * @param {{ file: string, text: string }[]} sources
 * @returns {string[]}
 */
export function importCycles(sources) {
  const files = new Set(sources.map(({ file }) => file));
  const fileOf = (/** @type {{ target: string }} */ { target }) => (files.has(target) ? target : `${target}x`);
  const imports = new Map(sources.map(({ file, text }) => [file, targetsOf(file, text).map(fileOf)]));
  /** @type {Map<string, "open" | "done">} */
  const state = new Map();
  /** @type {string[]} */
  const path = [];
  /** @type {string[]} */
  const cycles = [];
  /** @param {string} file */
  const visit = (file) => {
    if (state.get(file) === "open")
      cycles.push(`import cycle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
    if (state.has(file)) return;
    state.set(file, "open");
    path.push(file);
    for (const target of imports.get(file) ?? []) visit(target);
    path.pop();
    state.set(file, "done");
  };
  for (const file of imports.keys()) visit(file);
  return cycles;
}

/**
 * The modules of ours that a file imports.
 * @param {string} file
 * @param {string} text
 */
function targetsOf(file, text) {
  return importsOf(text)
    .filter(({ from }) => from.startsWith("."))
    .map(({ from, line, typeOnly }) => ({
      target: posix.normalize(posix.join(posix.dirname(file), from)).replace(/\.js$/, ".ts"),
      line,
      typeOnly,
    }));
}

/** @param {string} folder @param {string} target */
function isAllowed(folder, target) {
  if (LEAVES.includes(target)) return true;
  const other = folderOf(target);
  if (other === folder) return other !== "";
  return other !== "" && floorOf(folder) >= 0 && floorOf(other) > floorOf(folder);
}

/**
 * The page may import its own files, the leaves, and the types of the server's side.
 * @param {string} target @param {boolean} typeOnly
 */
function isAllowedInPage(target, typeOnly) {
  return isPage(target) || LEAVES.includes(target) || (typeOnly && folderOf(target) === "studio");
}

/** @param {string} file */
function isPage(file) {
  return file.startsWith(`${PAGE}/`);
}

/** @param {string} folder */
function floorOf(folder) {
  return FLOORS.findIndex((floor) => floor.includes(folder));
}

/** @param {string} file */
function folderOf(file) {
  return file.includes("/") ? (file.split("/")[0] ?? "") : "";
}

/** @param {string} importer */
function describe(importer) {
  const isKnown = importer === PAGE || floorOf(importer) >= 0 || LEAVES.includes(importer);
  return isKnown ? importer : `${importer} (a folder without a place in the layers)`;
}
