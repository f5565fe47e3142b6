// @ts-check
// Fails when a page of the docs links to, or names, a file or an identifier of this repository that does not exist.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { unknownNames, wordsOf } from "./checks/doc-names.mjs";
import { brokenReferences } from "./checks/doc-paths.mjs";
import { report } from "./checks/sources.mjs";
import { ROOT } from "./setup/paths.mjs";

const generated = ["node_modules", "build", "dist*", "docs/api", "runs"].map((folder) => `${folder}/**`);
const files = globSync("**", { cwd: ROOT, dot: true, ignore: [...generated, ".git/**"] });
const read = (/** @type {string} */ path) => readFileSync(join(ROOT, path), "utf8");
const pages = files.filter((file) => /^((docs|examples)\/.*|[^/]*)\.md$/.test(file)).sort();
const sources = files.filter((file) =>
  /^(src|native|bench|scripts|recipes)\/.*\.(ts|mjs|cc|h|py|yaml|txt)$/.test(file),
);
const words = wordsOf(sources.map(read));

report([
  ...pages.flatMap((page) => brokenReferences(page, { files, read })),
  ...pages.flatMap((page) => unknownNames(page, read(page), words)),
]);
