// @ts-check
// Compiles the addon against the first libtorch that it compiles against, with node-gyp and binding.gyp.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fail } from "./fail.mjs";
import { compilesWithGloo } from "./gloo.mjs";
import { filesOf, ROOT } from "./paths.mjs";

/** @typedef {import("./inspect.mjs").Libtorch} Libtorch */

/**
 * Compiles Release/selfadapt.node in the build folder, and leaves what it was compiled against in libtorch.json. Where no libtorch
 * serves, or setup is ended on the way, neither file is there: an addon of before would belong to another libtorch.
 * @param {Iterable<Libtorch>} libtorchs in the order in which they are tried; the next is asked for when one does not compile
 * @param {{ build: string, compile?: (libtorch: Libtorch) => string | null }} options `compile` returns null, or the compiler's
 *   output where it failed
 */
export function compileAddon(libtorchs, { build, compile = () => runNodeGyp(filesOf(build).addon) }) {
  if (/\s/.test(build))
    fail(`The addon cannot be compiled in ${build}: make takes no paths with spaces; move the folder.`);
  const { addon, libtorchJson, compiling, log } = filesOf(build);
  /** @type {string[]} */
  const failed = [];
  let output = "";
  for (const libtorch of libtorchs) {
    if (failed.length > 0) console.error(`The addon does not compile against ${failed.at(-1)}: see ${log}`);
    console.error(`Compiling the addon against ${nameOf(libtorch)} (about a minute)`);
    for (const file of [addon, libtorchJson]) rmSync(file, { force: true });
    mkdirSync(build, { recursive: true });
    write(compiling, libtorch);
    write(compiling, { ...libtorch, gloo: compilesWithGloo(build) });
    const problem = compile(libtorch);
    if (problem === null) return renameSync(compiling, libtorchJson);
    output = problem;
    failed.push(nameOf(libtorch));
    writeFileSync(log, output);
  }
  console.error(output);
  fail(`The addon did not compile against ${failed.join(", nor against ")}; the reason is above.`);
}

/** @param {string} file @param {Libtorch} libtorch */
function write(file, libtorch) {
  writeFileSync(file, `${JSON.stringify(libtorch, null, 2)}\n`);
}

/** @param {Libtorch} libtorch */
function nameOf({ version, path, source }) {
  const origin = { LIBTORCH: "from LIBTORCH", python: "from python3", system: "the system's" }[source];
  return `libtorch ${version} at ${path} (${origin})`;
}

/** @param {string} addon @returns {string | null} */
function runNodeGyp(addon) {
  const nodeGyp = createRequire(import.meta.url).resolve("node-gyp/bin/node-gyp.js");
  const jobs = Math.min(4, availableParallelism());
  const nodedir = nodeHeaders();
  const options = ["configure", "build", "--release", `--jobs=${jobs}`, ...(nodedir ? [`--nodedir=${nodedir}`] : [])];
  // binding.gyp calls node, which need not be on the path.
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const run = spawnSync(process.execPath, [nodeGyp, ...options], {
    cwd: ROOT,
    env: { ...process.env, PATH },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (run.status === 0 && existsSync(addon)) return null;
  rmSync(addon, { force: true });
  return run.stdout + run.stderr;
}

// Headers that came with this Node spare node-gyp a download; those of another Node would not do.
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  const header = join(prefix, "include", "node", "node_version.h");
  if (!existsSync(header)) return undefined;
  const major = readFileSync(header, "utf8").match(/NODE_MAJOR_VERSION (\d+)/)?.[1];
  return major === process.versions.node.split(".")[0] ? prefix : undefined;
}
