// @ts-check
// Compiles the addon against the libtorch that was found, with node-gyp and binding.gyp.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fail } from "./fail.mjs";
import { ADDON, BUILD, LIBTORCH_JSON, ROOT } from "./paths.mjs";

/**
 * Compiles build/Release/selfadapt.node, and leaves what it was compiled against in build/libtorch.json.
 * @param {import("./inspect.mjs").Libtorch} libtorch
 */
export function compileAddon(libtorch) {
  console.error(`Compiling the addon against libtorch ${libtorch.version} at ${libtorch.path} (about a minute)`);
  mkdirSync(BUILD, { recursive: true });
  writeFileSync(LIBTORCH_JSON, `${JSON.stringify(libtorch, null, 2)}\n`);
  const nodeGyp = createRequire(import.meta.url).resolve("node-gyp/bin/node-gyp.js");
  const jobs = Math.min(4, availableParallelism());
  const nodedir = nodeHeaders();
  const options = ["configure", "build", "--release", `--jobs=${jobs}`, ...(nodedir ? [`--nodedir=${nodedir}`] : [])];
  const run = spawnSync(process.execPath, [nodeGyp, ...options], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (run.status === 0 && existsSync(ADDON)) return;
  console.error(run.stdout + run.stderr);
  fail(`The addon did not compile against libtorch ${libtorch.version} (${libtorch.path}); the reason is above.`);
}

// Headers that came with this Node spare node-gyp a download; those of another Node would not do.
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  const header = join(prefix, "include", "node", "node_version.h");
  if (!existsSync(header)) return undefined;
  const major = readFileSync(header, "utf8").match(/NODE_MAJOR_VERSION (\d+)/)?.[1];
  return major === process.versions.node.split(".")[0] ? prefix : undefined;
}
