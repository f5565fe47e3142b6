// @ts-check
// Answers binding.gyp's questions from build/compiling.json: node gyp-value.mjs sources|kernels|defines|compile|link|standard

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { BUILD, filesOf, ROOT } from "./paths.mjs";

const answers = { sources, kernels, defines, compile, link, standard };

/** @returns {import("./inspect.mjs").Libtorch} */
function libtorch() {
  return JSON.parse(readFileSync(filesOf(BUILD).compiling, "utf8"));
}

// The packed kernels need instructions that not every CPU has, so they are compiled separately: those for AMX on x64 only.
const AMX = process.platform === "linux" && process.arch === "x64";
const PACKED = AMX || (process.platform === "linux" && process.arch === "arm64");
const KERNELS = join("native", "kernels");

/** @param {(file: string) => boolean} wanted */
function sourcesThat(wanted) {
  const files = readdirSync(join(ROOT, "native"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".cc"))
    .map((file) => join("native", file))
    .filter(wanted)
    .sort();
}

// Asks which instructions there are, so it uses none of them.
const CPU = join(KERNELS, "cpu.cc");
// Compiled once for each vector width, by targets of its own.
const UNIT = join("native", "winograd", "unit.cc");

const isKernel = (/** @type {string} */ file) => file.startsWith(KERNELS) && file !== CPU;
const isWinograd = (/** @type {string} */ file) => file.startsWith(join("native", "winograd"));
const isTrunk = (/** @type {string} */ file) => file.startsWith(join("native", "trunk"));

function sources() {
  const isPacked = (/** @type {string} */ file) => isTrunk(file) || isWinograd(file) || file === CPU;
  return sourcesThat(
    (file) => !isKernel(file) && file !== UNIT && (PACKED || !isPacked(file)) && (AMX || file !== CPU),
  );
}

function kernels() {
  return sourcesThat(isKernel);
}

// The version is named so that make compiles again where another libtorch has taken the place of one: it does not look at the
// headers of others.
function defines() {
  const { cxx11Abi, cudaInclude, gloo, version } = libtorch();
  const packed = [...(PACKED ? ["SELFADAPT_PACKED"] : []), ...(AMX ? ["SELFADAPT_AMX"] : [])];
  const common = [`_GLIBCXX_USE_CXX11_ABI=${Number(cxx11Abi)}`, `SELFADAPT_LIBTORCH=${version}`];
  return [...common, ...(cudaInclude ? ["WITH_CUDA"] : []), ...(gloo ? ["SELFADAPT_GLOO"] : []), ...packed];
}

// The headers of others are included as the system's, which keeps their warnings out of ours. /usr/include must not be
// named: it is searched anyway, and naming it breaks the standard library's include_next.
function compile() {
  const { include, cudaInclude, openmp } = libtorch();
  const addonApi = dirname(createRequire(import.meta.url).resolve("node-addon-api"));
  const folders = [addonApi, include, join(include, "torch", "csrc", "api", "include"), cudaInclude];
  const named = folders.filter((folder) => folder && folder !== "/usr/include");
  const threads = openmp && process.platform === "linux" ? ["-fopenmp"] : [];
  const standIns = ["-idirafter", join(ROOT, "native", "stand-ins")];
  return [`-std=${standard()[0]}`, ...named.flatMap((folder) => ["-isystem", String(folder)]), ...standIns, ...threads];
}

// The CUDA library registers its kernels when it is loaded, so it is linked although nothing here names it.
function link() {
  const { lib, cuda, openmp } = libtorch();
  const folders = [...new Set([lib, openmp?.folder])].filter(Boolean);
  return [
    ...folders.flatMap((folder) => [`-L${folder}`, `-Wl,-rpath,${folder}`]),
    "-ltorch",
    "-ltorch_cpu",
    "-lc10",
    ...(cuda ? ["-Wl,--no-as-needed", "-ltorch_cuda", "-lc10_cuda", "-Wl,--as-needed"] : []),
    ...(openmp && process.platform === "linux" ? [`-l:${openmp.name}`] : []),
  ];
}

function standard() {
  return [`c++${libtorch().standard}`];
}

const question = /** @type {keyof typeof answers} */ (process.argv[2]);
console.log(
  answers[question]()
    .map((value) => (/^[\w./:=,+@~%-]+$/.test(value) ? value : JSON.stringify(value)))
    .join(" "),
);
