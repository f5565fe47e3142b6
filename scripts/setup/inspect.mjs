// @ts-check
// Reads from a libtorch what the addon must be compiled with, so that nothing about it is assumed.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fail } from "./fail.mjs";

/** @typedef {import("./libtorch.mjs").Place} Place */

/**
 * A libtorch with everything that compiling against it depends on; written to build/libtorch.json.
 * @typedef {Place & {
 *   version: string,
 *   standard: number,
 *   cxx11Abi: boolean,
 *   openmp: { name: string, folder: string | null } | null,
 *   cuda: boolean,
 *   cudaInclude: string | null,
 *   gloo?: boolean,
 * }} Libtorch
 */

/** The oldest libtorch that the addon compiles against. */
export const OLDEST = "1.13";

/**
 * Reads a libtorch: version, C++ standard and ABI, OpenMP runtime, CUDA.
 * @param {Place} place
 * @returns {Libtorch}
 */
export function inspect(place) {
  const version = versionOf(place);
  if (!version) fail(`${place.path} does not say which version of libtorch it is: no torch/version.h was found.`);
  const cuda = existsSync(join(place.lib, "libtorch_cuda.so"));
  return {
    ...place,
    version,
    standard: standardOf(place, version),
    cxx11Abi: cxx11AbiOf(place),
    openmp: openmpOf(place, neededLibraries(join(place.lib, "libtorch_cpu.so"))),
    cuda,
    cudaInclude: cuda ? (cudaHeaders(place) ?? null) : null,
  };
}

/**
 * The version that the headers state, or else the package's own version files.
 * @param {Place} place
 * @returns {string | undefined}
 */
export function versionOf({ path, include }) {
  const headers = ["torch/headeronly/version.h", "torch/csrc/api/include/torch/version.h"];
  for (const header of headers) {
    const text = readIfThere(join(include, header));
    const parts = ["MAJOR", "MINOR", "PATCH"].map((part) => text.match(`TORCH_VERSION_${part} (\\d+)`)?.[1]);
    if (parts.every(Boolean)) return parts.join(".");
  }
  const stated = readIfThere(join(path, "build-version")) || readIfThere(join(path, "version.py"));
  return stated.match(/\d+\.\d+(\.\d+)?/)?.[0];
}

/**
 * Whether `version` is `least` or later, compared number by number.
 * @param {string} version
 * @param {string} least
 */
export function versionAtLeast(version, least) {
  const numbers = (/** @type {string} */ text) => text.split(".").map((part) => Number.parseInt(part, 10));
  const [have, want] = [numbers(version), numbers(least)];
  const first = want.findIndex((number, i) => (have[i] ?? 0) !== number);
  return first === -1 || (have[first] ?? 0) > (want[first] ?? 0);
}

/**
 * The C++ standard: what the headers' own guard demands, at least 17, and 20 since 2.13 is written in it.
 * @param {Place} place
 * @param {string} version
 */
function standardOf({ include }, version) {
  const guard = readIfThere(join(include, "ATen", "ATen.h")).match(/__cplusplus < 20(\d\d)\d\dL/)?.[1];
  return Math.max(17, Number(guard ?? 0), versionAtLeast(version, "2.13") ? 20 : 0);
}

/**
 * Whether libtorch was compiled with libstdc++'s current `std::string`, read off a mangled name in libc10 that has one
 * as a parameter. A library without that name is no libstdc++ one, where the question does not arise.
 * @param {Place} place
 */
function cxx11AbiOf({ lib }) {
  const symbols = readIfThere(join(lib, "libc10.so"), "latin1").match(/_ZN3c105ErrorC[12]E[\w]+/g) ?? [];
  return symbols.length === 0 || symbols.some((symbol) => symbol.includes("__cxx11"));
}

/**
 * The OpenMP runtime among the libraries that libtorch links: two runtimes in one process would fight over threads.
 * @param {Place} place
 * @param {string[]} needed
 */
export function openmpOf({ lib }, needed) {
  const name = needed.find((library) => /^lib(gomp|iomp5|omp)\b/.test(library));
  if (!name) return null;
  const folders = [lib, join(lib, "..", "..", "torch.libs")];
  return { name, folder: folders.find((folder) => existsSync(join(folder, name))) ?? null };
}

/** @param {string} library @returns {string[]} */
function neededLibraries(library) {
  const { stdout } = spawnSync("readelf", ["-d", library], { encoding: "utf8" });
  return [...(stdout ?? "").matchAll(/\(NEEDED\).*\[(.+)\]/g)].flatMap((match) => match[1] ?? []);
}

/** @param {Place} place */
function cudaHeaders({ path }) {
  const packages = join(dirname(path), "nvidia");
  const toolkits = [process.env.CUDA_HOME, process.env.CUDA_PATH, "/usr/local/cuda"];
  const folders = [
    ...toolkits.flatMap((toolkit) => (toolkit ? [join(toolkit, "include")] : [])),
    ...["cuda_runtime", "cu13"].map((name) => join(packages, name, "include")),
  ];
  return folders.find((folder) => existsSync(join(folder, "cuda_runtime_api.h")));
}

/** @param {string} file @param {BufferEncoding} encoding */
function readIfThere(file, encoding = "utf8") {
  return existsSync(file) ? readFileSync(file, encoding) : "";
}
