// @ts-check
// Fails when a page of the docs links to, or names, a file of this repository that does not exist.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { brokenReferences } from "./checks/doc-paths.mjs";
import { report } from "./checks/sources.mjs";
import { ROOT } from "./setup/paths.mjs";

const generated = ["node_modules", "build", "dist*", "docs/api", "runs"].map((folder) => `${folder}/**`);
const files = globSync("**", { cwd: ROOT, dot: true, ignore: [...generated, ".git/**"] });
const read = (/** @type {string} */ path) => readFileSync(join(ROOT, path), "utf8");
const pages = files.filter((file) => /^((docs|examples)\/.*|[^/]*)\.md$/.test(file)).sort();

report(pages.flatMap((page) => brokenReferences(page, { files, read })));
