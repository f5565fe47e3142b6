// @ts-check
// The steps of setup in order; each knows whether it is already done.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { compileAddon } from "./addon.mjs";
import { command, install, refuse } from "./apt.mjs";
import { installBrowser, isBrowserDone } from "./browser.mjs";
import { dependenciesMatch, installDependencies } from "./dependencies.mjs";
import { fail } from "./fail.mjs";
import { findLibtorchs, howToGetLibtorch, pythonTorch, SYSTEM } from "./libtorch.mjs";
import { hasReferenceBlas, missingCompilers, onPath, privileges } from "./machine.mjs";
import { BUILD, filesOf, ROOT } from "./paths.mjs";
import { hashFiles, isStamped, stamp } from "./stamp.mjs";
import { buildTypeScript, isLinked, link } from "./typescript.mjs";

/** The parts of setup that decide what the compiler is told. */
const COMPILING = ["addon", "gloo", "gyp-value", "inspect", "libtorch"].map((name) =>
  join("scripts", "setup", `${name}.mjs`),
);

/** What the page of the studio is bundled with. */
const BUNDLED = ["preact", "@preact/signals", "uplot", "flatbush"];

const SYSTEM_PACKAGES = ["libtorch-dev", "libopenblas0-openmp"];

/** @typedef {{ isDone: () => boolean, run: () => void }} Step */
/** @typedef {import("./inspect.mjs").Libtorch} Libtorch */

/** @type {Step} */
const dependencies = { isDone: () => dependenciesMatch(ROOT), run: installDependencies };

/** @type {Step} */
const typescript = {
  isDone: () => existsSync(join(ROOT, "dist")) && isStamped("typescript", typescriptKey()),
  run() {
    const key = typescriptKey();
    buildTypeScript();
    stamp("typescript", key);
  },
};

/** @type {Step} */
const ownCommand = { isDone: isLinked, run: link };

/** @type {Step} */
const browser = { isDone: isBrowserDone, run: installBrowser };

/**
 * The addon: what compiles it, libtorch, and the compilation.
 * @param {{ mayInstall: boolean }} options
 * @returns {Step}
 */
function addon({ mayInstall }) {
  return {
    isDone: () => existsSync(filesOf(BUILD).addon) && isStamped("addon", addonKey()),
    run() {
      compileAddon(libtorchsToTry(prepare(mayInstall), mayInstall), { build: BUILD });
      stamp("addon", addonKey());
    },
  };
}

/**
 * What is needed here. An installed package comes with dist/ and needs the addon alone; npm hides what its install
 * script prints, so that script installs nothing on the system. The tests also need a browser.
 * @param {{ installScript: boolean, tests?: boolean }} options
 * @returns {Step[]}
 */
export function stepsFor({ installScript, tests = false }) {
  const isCheckout = existsSync(join(ROOT, "src"));
  if (installScript || !isCheckout) return [addon({ mayInstall: !installScript })];
  return [dependencies, addon({ mayInstall: true }), typescript, ownCommand, ...(tests ? [browser] : [])];
}

/** Supplies what compiling needs, at least one libtorch included. @param {boolean} mayInstall */
function prepare(mayInstall) {
  const before = find();
  const packages = [...missingCompilers(), ...(before.length > 0 ? [] : SYSTEM_PACKAGES)];
  if (packages.length > 0) supply(packages, mayInstall);
  const libtorchs = packages.length > 0 ? find() : before;
  if (libtorchs.length === 0) fail("libtorch was not found.", howToGetLibtorch());
  return libtorchs;
}

/**
 * Those found, and last the system's, installed where it may be and none of those before served.
 * @param {Libtorch[]} found
 * @param {boolean} mayInstall
 * @returns {Generator<Libtorch>}
 */
function* libtorchsToTry(found, mayInstall) {
  for (const libtorch of found) {
    if (libtorch.source === "system" && hasReferenceBlas(libtorch.lib)) speedUp(mayInstall);
    yield libtorch;
  }
  if (found.some(({ source }) => source !== "python") || !mayInstall || !onPath("apt-get") || !privileges()) return;
  install(SYSTEM_PACKAGES);
  yield* find().filter(({ source }) => source === "system");
}

function find() {
  return findLibtorchs({
    libtorch: process.env.LIBTORCH,
    python: process.env.LIBTORCH ? undefined : pythonTorch(onPath("python3")),
    system: SYSTEM,
  });
}

/** @param {string[]} packages @param {boolean} mayInstall */
function supply(packages, mayInstall) {
  if (mayInstall || !onPath("apt-get")) return install(packages);
  refuse("selfadapt needs packages that are missing:", packages, "Run this, then install selfadapt again:");
}

/** @param {boolean} mayInstall */
function speedUp(mayInstall) {
  const packages = ["libopenblas0-openmp"];
  if (mayInstall && onPath("apt-get") && privileges()) return install(packages);
  console.error("Matrix products will be slow: libtorch uses the reference BLAS here. To speed them up:");
  console.error(`    ${command(packages)}`);
}

// What the addon depends on. Another LIBTORCH, another python3 on the PATH or an upgraded libtorch each count as a change.
function addonKey() {
  const files = hashFiles(ROOT, ["native", "binding.gyp", ...COMPILING]);
  const { version, arch } = process;
  return JSON.stringify({
    files,
    libtorch: process.env.LIBTORCH,
    python: onPath("python3"),
    identity: identity(),
    version,
    arch,
  });
}

function identity() {
  const { libtorchJson } = filesOf(BUILD);
  if (!existsSync(libtorchJson)) return undefined;
  const { lib } = JSON.parse(readFileSync(libtorchJson, "utf8"));
  const library = ["so", "dylib"].map((end) => join(lib, `libtorch_cpu.${end}`)).find((file) => existsSync(file));
  return library && `${library} ${statSync(library).size} ${statSync(library).mtimeMs}`;
}

function typescriptKey() {
  const isSource = (/** @type {string} */ file) => !file.endsWith(".test.ts");
  const tools = ["typescript", "esbuild", ...BUNDLED].map((name) => `node_modules/${name}/package.json`);
  return hashFiles(ROOT, ["src", "tsconfig.json", join("scripts", "setup", "studio.mjs"), ...tools], isSource);
}
