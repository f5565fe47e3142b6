// @ts-check
// Where setup reads and writes.

import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const BUILD = join(ROOT, "build");

/**
 * The files of a build folder: the addon; what it was compiled against; what it is being compiled against, which binding.gyp
 * asks about; and the output of a compiler that failed.
 * @param {string} build
 */
export const filesOf = (build) => ({
  addon: join(build, "Release", "selfadapt.node"),
  libtorchJson: join(build, "libtorch.json"),
  compiling: join(build, "compiling.json"),
  log: join(build, "compile.log"),
});
