// @ts-check
// Imports point one way:
// cli -> studies, export, serving -> inference -> training, reports -> objectives, attacks, models, data -> torch.

import { join, posix } from "node:path";
import { importsOf } from "./imports.mjs";

const METHODS = ["objectives", "attacks", "models", "data"];
const BELOW_RUNS = [...METHODS, "torch", "metrics"];

/**
 * What each folder of src/ may import besides itself and the leaves.
 * @type {Record<string, string[]>}
 */
const MAY_IMPORT = {
  cli: ["studies", "serving", "inference", "training", "reports", "export", ...BELOW_RUNS],
  studies: ["training", "reports", ...BELOW_RUNS],
  serving: ["inference", ...BELOW_RUNS],
  inference: ["training", ...BELOW_RUNS],
  training: BELOW_RUNS,
  reports: BELOW_RUNS,
  export: ["training", ...BELOW_RUNS],
  objectives: ["torch"],
  attacks: ["data", "torch"],
  models: ["torch"],
  data: ["torch"],
  torch: [],
  metrics: [],
};

/** Files beside the folders that everything may import, and that import nothing of ours but each other. */
const LEAVES = ["errors.ts", "version.ts"];

/** The types of a run folder's files belong to those who read them too. */
const RUN_TYPES = "training/run-types.ts";

/**
 * The imports of one file of src/ that point the wrong way, one line each.
 * @param {string} file relative to src/, with slashes
 * @param {string} text its source
 * @returns {string[]}
 */
export function wrongImports(file, text) {
  const folder = folderOf(file);
  if (folder === "" && !LEAVES.includes(file)) return [];
  return importsOf(text).flatMap(({ from, line, typeOnly }) => {
    if (!from.startsWith(".")) return [];
    const target = posix.normalize(posix.join(posix.dirname(file), from)).replace(/\.js$/, ".ts");
    const allowed = isAllowed(folder, target) || (folder === "reports" && typeOnly && target === RUN_TYPES);
    return allowed ? [] : [`${join("src", file)}:${line}: ${describe(folder || file)} may not import src/${target}`];
  });
}

/** @param {string} folder @param {string} target */
function isAllowed(folder, target) {
  if (LEAVES.includes(target)) return true;
  const other = folderOf(target);
  return other !== "" && (other === folder || (MAY_IMPORT[folder] ?? []).includes(other));
}

/** @param {string} file */
function folderOf(file) {
  return file.includes("/") ? (file.split("/")[0] ?? "") : "";
}

/** @param {string} importer */
function describe(importer) {
  const isKnown = importer in MAY_IMPORT || LEAVES.includes(importer);
  return isKnown ? importer : `${importer} (a folder without a place in the layers)`;
}
