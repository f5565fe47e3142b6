// @ts-check
// Bundles the page of `selfadapt studio`: TSX and CSS become one script and one style sheet with hashed names.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "./paths.mjs";

const SOURCE = join(ROOT, "src", "studio", "web");

/**
 * Writes index.html, main-HASH.js, main-HASH.css and THIRD-PARTY.txt into a folder, emptied first.
 * @param {string} folder
 */
export function buildStudio(folder) {
  // Resolved late: setup itself installs esbuild.
  const esbuild = createRequire(import.meta.url)("esbuild");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { metafile } = esbuild.buildSync({
    absWorkingDir: ROOT,
    entryPoints: [join(SOURCE, "main.tsx"), join(SOURCE, "style", "main.css")],
    entryNames: "main-[hash]",
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    tsconfig: join(SOURCE, "tsconfig.json"),
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  const names = Object.keys(metafile.outputs).map((path) => basename(path));
  writeFileSync(join(folder, "index.html"), withNames(readFileSync(join(SOURCE, "index.html"), "utf8"), names));
  writeFileSync(join(folder, "THIRD-PARTY.txt"), licensesOf(Object.keys(metafile.inputs)));
}

/** @param {string} page @param {string[]} names */
function withNames(page, names) {
  return page.replace(/main\.(js|css)/g, (name, end) => names.find((built) => built.endsWith(`.${end}`)) ?? name);
}

/**
 * The license of every package that went into the bundle.
 * @param {string[]} inputs
 */
function licensesOf(inputs) {
  const packages = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  return [...packages].sort().map(license).join("\n\n");
}

/** @param {string} path */
function license(path) {
  const folder = join(ROOT, path);
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : "";
  return `${name} ${version}\n\n${text}`;
}

// By hand, after a change of the page alone: node scripts/setup/studio.mjs
if (process.argv[1] === fileURLToPath(import.meta.url)) buildStudio(join(ROOT, "dist", "studio", "web"));
