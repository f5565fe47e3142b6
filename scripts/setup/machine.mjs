// @ts-check
// What the machine offers: programs on the PATH, and how packages may be installed.

import { spawnSync } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The first executable of that name on the PATH.
 * @param {string} name
 * @returns {string | undefined}
 */
export function onPath(name, path = process.env.PATH ?? "") {
  return path
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * What must precede a command that installs packages: nothing for root, sudo where it asks for no password, and
 * undefined where packages may not be installed.
 * @returns {string[] | undefined}
 */
export function privileges() {
  if (process.getuid?.() === 0) return [];
  const mayUseSudo = onPath("sudo") && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
  return mayUseSudo ? ["sudo", "-n"] : undefined;
}

/** The programs that compiling needs and the machine lacks, as Debian's package names. */
export function missingCompilers() {
  const programs = {
    "g++": [process.env.CXX ?? "g++", "g++", "c++", "clang++"],
    make: ["make"],
    python3: ["python3"],
    ...(process.platform === "linux" ? { binutils: ["readelf"] } : {}),
  };
  return Object.entries(programs).flatMap(([name, ways]) => (ways.some((way) => onPath(way)) ? [] : [name]));
}

/**
 * Whether Debian's libtorch in that folder would multiply matrices with the slow reference BLAS.
 * @param {string} lib
 */
export function hasReferenceBlas(lib) {
  try {
    return /\/(lib)?blas\/libblas\.so/.test(realpathSync(join(lib, "libblas.so.3")));
  } catch {
    return false;
  }
}
