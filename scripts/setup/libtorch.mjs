// @ts-check
// Finds libtorch: LIBTORCH, then the torch of python3, then the system's.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail } from "./fail.mjs";
import { inspect, OLDEST, versionAtLeast, versionOf } from "./inspect.mjs";

/**
 * Where one libtorch lies, before anything in it has been read.
 * @typedef {{ source: "LIBTORCH" | "python" | "system", path: string, include: string, lib: string }} Place
 */

const API_HEADERS = join("torch", "csrc", "api", "include");

/**
 * What can be built against, read and checked, in the order in which it is tried; empty where the machine has none.
 * A `LIBTORCH` is the only one of its list, and an error where it cannot be used, rather than a reason to look further.
 * @param {{ libtorch?: string | undefined, python?: string | undefined, system: { include: string, libs: string[] } }} where
 *   `libtorch` is the value of LIBTORCH, `python` the folder of Python's torch package
 * @returns {import("./inspect.mjs").Libtorch[]}
 */
export function findLibtorchs({ libtorch, python, system }) {
  const places = libtorch ? [fromVariable(libtorch)] : [fromPython(python), fromSystem(system)];
  const present = places.flatMap((place) => place ?? []);
  const found = present.filter((place, i) => i === 0 || versionOf(place)).map(inspect);
  const usable = found.filter(({ version }) => versionAtLeast(version, OLDEST));
  const [old] = found;
  if (old && usable.length === 0) {
    fail(`libtorch ${old.version} (${old.path}) is too old: selfadapt needs ${OLDEST} or later.`, howToGetLibtorch());
  }
  return usable;
}

/** @param {string} path @returns {Place} */
function fromVariable(path) {
  const place = /** @type {Place} */ ({
    source: "LIBTORCH",
    path,
    include: join(path, "include"),
    lib: join(path, "lib"),
  });
  const missing = [join(place.include, API_HEADERS, "torch"), place.lib].find((wanted) => !existsSync(wanted));
  if (missing) fail(`LIBTORCH is ${path}, which is no unpacked libtorch: ${missing} is missing.`, howToGetLibtorch());
  return place;
}

/** @param {string | undefined} path @returns {Place | undefined} */
function fromPython(path) {
  if (!path) return undefined;
  const place = /** @type {Place} */ ({
    source: "python",
    path,
    include: join(path, "include"),
    lib: join(path, "lib"),
  });
  if (!existsSync(join(place.include, API_HEADERS, "torch"))) return undefined;
  return versionAtLeast(versionOf(place) ?? "0", "2.0") ? place : undefined;
}

/** @param {{ include: string, libs: string[] }} system @returns {Place | undefined} */
function fromSystem({ include, libs }) {
  const lib = libs.find((folder) => ["so", "dylib"].some((end) => existsSync(join(folder, `libtorch_cpu.${end}`))));
  if (!lib || !existsSync(join(include, API_HEADERS, "torch"))) return undefined;
  return { source: "system", path: join(include, "torch"), include, lib };
}

/** Where Debian, Fedora and their like put libtorch. */
export const SYSTEM = {
  include: "/usr/include",
  libs: ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"],
};

/**
 * The folder of the `torch` package that a Python would import, found without importing it.
 * @param {string | undefined} python path of the interpreter
 * @returns {string | undefined}
 */
export function pythonTorch(python) {
  if (!python) return undefined;
  const code =
    "import importlib.util as u; s = u.find_spec('torch'); print((s.submodule_search_locations or [''])[0] if s else '')";
  const { status, stdout } = spawnSync(python, ["-c", code], { encoding: "utf8" });
  return (status === 0 && stdout.trim()) || undefined;
}

/** What to do by hand where setup cannot install libtorch. */
export function howToGetLibtorch(platform = process.platform) {
  const choice = platform === "darwin" ? "Mac, LibTorch, C++" : "Linux, LibTorch, C++, CPU or your CUDA";
  return [
    `Download libtorch from https://pytorch.org/get-started/locally/ (choose: Stable, ${choice}), unpack it, and run`,
    `    export LIBTORCH=/path/to/libtorch`,
    "before this command.",
  ].join("\n");
}
