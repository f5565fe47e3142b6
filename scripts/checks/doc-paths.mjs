// @ts-check
// The references of a Markdown page: relative links, anchors, and files of this repository.

import { posix } from "node:path";

/** Folders of the repository whose paths are checked wherever a page names them. */
const FOLDERS = "src|native|scripts|bench|recipes|examples|docs|test";

/** Written by `npm run docs`, never committed. */
const GENERATED = "docs/api";

/**
 * The files of the repository, by path relative to its root, and how to read one.
 * @typedef {{ files: readonly string[], read: (path: string) => string }} Repository
 */

/**
 * The broken references of a page, one line each.
 * @param {string} page path relative to the repository's root
 * @param {Repository} repository
 * @returns {string[]}
 */
export function brokenReferences(page, repository) {
  const lines = repository.read(page).split("\n");
  return lines.flatMap((line, index) => {
    const links = linksIn(line).flatMap((link) => brokenLink(page, link, repository));
    const paths = pathsIn(line).filter((path) => !exists(path, repository));
    const names = fileNamesIn(line).filter((name) => !repository.files.some((file) => `/${file}`.endsWith(`/${name}`)));
    return [...links, ...[...paths, ...names].map((path) => `${path} does not exist`)].map(
      (problem) => `${page}:${index + 1}: ${problem}`,
    );
  });
}

/** @param {string} path @param {Repository} repository */
function exists(path, { files }) {
  return files.some((file) => file === path || file.startsWith(`${path}/`));
}

/**
 * Relative targets of `[text](target)` and `![text](target)`.
 * @param {string} line
 */
function linksIn(line) {
  const targets = [...line.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target ?? "");
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/**
 * Paths below a folder of the repository, links and addresses aside.
 * @param {string} line
 */
function pathsIn(line) {
  const text = line.replaceAll(/\]\([^()\s]+\)/g, "]").replaceAll(/[a-z]+:\/\/\S+/g, "");
  const paths = text.matchAll(new RegExp(`(?<![\\w./-])(?:${FOLDERS})/[\\w./-]*[\\w/-]`, "g"));
  return [...paths].map(([path]) => path.replace(/\/$/, "")).filter((path) => !path.startsWith(GENERATED));
}

/**
 * Source files named in backticks by the end of their path: `loop.ts`, `nn/trunk.ts`.
 * @param {string} line
 */
function fileNamesIn(line) {
  return [...line.matchAll(/`((?:[\w-]+\/)*[\w-]+\.(?:ts|mjs|cc|h))`/g)].map(([, name]) => name ?? "");
}

/** @param {string} page @param {string} link @param {Repository} repository */
function brokenLink(page, link, repository) {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : posix.normalize(posix.join(posix.dirname(page), path)).replace(/\/$/, "");
  if (!exists(target, repository)) return [`the link ${link} leads to ${target}, which does not exist`];
  if (anchor === undefined || !target.endsWith(".md")) return [];
  return anchorsOf(repository.read(target)).includes(anchor) ? [] : [`the link ${link} names no heading of ${target}`];
}

/**
 * Anchors of a page's headings, as GitHub makes them.
 * @param {string} text
 */
function anchorsOf(text) {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => slug(heading ?? ""));
}

/** @param {string} heading */
function slug(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}
