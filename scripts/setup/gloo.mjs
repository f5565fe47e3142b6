// @ts-check
// Whether libtorch holds Gloo, on which several processes train: found out by compiling and linking a few lines.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PROGRAM = `
#define USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
int main() {
  c10d::TCPStoreOptions options;
  const auto store = c10::make_intrusive<c10d::TCPStore>("127.0.0.1", options);
  c10d::ProcessGroupGloo group(store, 0, 1, c10d::ProcessGroupGloo::Options::create(options.timeout));
}
`;

/**
 * Tries the libtorch that build/compiling.json names, with the flags of the addon. Without it everything but several
 * processes works.
 * @param {string} build where the few lines are compiled
 */
export function compilesWithGloo(build) {
  const folder = mkdtempSync(join(build, "gloo-"));
  try {
    const source = join(folder, "gloo.cc");
    writeFileSync(source, PROGRAM);
    const value = (/** @type {string} */ name) => `$("${process.execPath}" scripts/setup/gyp-value.mjs ${name})`;
    const abi = `$(for define in ${value("defines")}; do printf ' -D%s' "$define"; done)`;
    const command = `\${CXX:-c++} -O0 ${abi} ${value("compile")} "${source}" -o "${join(folder, "gloo")}" ${value("link")}`;
    return spawnSync("sh", ["-c", command], { cwd: join(import.meta.dirname, "..", "..") }).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
