// @ts-check
// The TypeScript sources that the checks look at.

import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { ROOT } from "../setup/paths.mjs";

/** Every source file of src/ but its tests, with its path relative to src/ and its text. */
export function sources() {
  const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".test.ts"))
    .sort()
    .map((file) => ({ file: file.split(sep).join("/"), text: readFileSync(join(ROOT, "src", file), "utf8") }));
}

/**
 * Prints the problems and sets the exit status.
 * @param {string[]} problems
 */
export function report(problems) {
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
