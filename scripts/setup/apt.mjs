// @ts-check
// Installs Debian packages, saying first which and why, or says what to run by hand.

import { spawnSync } from "node:child_process";
import { fail } from "./fail.mjs";
import { OLDEST, versionAtLeast } from "./inspect.mjs";
import { howToGetLibtorch } from "./libtorch.mjs";
import { onPath, privileges } from "./machine.mjs";

/** @type {Record<string, string>} */
const REASONS = {
  "g++": "compiles the addon",
  make: "drives the compiler",
  python3: "node-gyp is written in it",
  binutils: "reads what libtorch links",
  chromium: "the tests look at the studio's page in it",
  "libtorch-dev": "the engine: tensors, autograd, kernels",
  "libopenblas0-openmp": "fast matrix products; without it libtorch uses the slow reference BLAS",
};

/**
 * Installs packages with apt-get, or ends setup with the command to run where it may not.
 * @param {string[]} packages
 */
export function install(packages) {
  const prefix = privileges();
  if (!onPath("apt-get")) fail(`These are missing: ${packages.join(", ")}. ${withoutApt(packages)}`);
  if (!prefix) refuse("Packages are missing, and this user may not install them:", packages, "Run:");
  console.error(["Installing with apt-get (a few minutes at most):", ...reasons(packages)].join("\n"));
  const updated = apt(prefix, ["update", "-q"]);
  if (packages.includes("libtorch-dev")) refuseOldCandidate(updated);
  const { status, output } = apt(prefix, ["install", "-y", "-q", "--no-install-recommends", ...packages]);
  if (status === 0) return;
  console.error(updated.status === 0 ? output : updated.output + output);
  fail("apt-get could not install the packages; the reason is above. To try by hand:", `    ${command(packages)}`);
}

/**
 * Ends setup with the packages that are missing, what each is for, and the command that installs them.
 * @param {string} problem
 * @param {string[]} packages
 * @param {string} remedy
 * @returns {never}
 */
export function refuse(problem, packages, remedy) {
  fail(problem, ...reasons(packages), remedy, `    ${command(packages)}`);
}

/** @param {string[]} packages */
function reasons(packages) {
  return packages.map((name) => `    ${name}: ${REASONS[name]}`);
}

/**
 * The command that installs packages by hand.
 * @param {string[]} packages
 */
export function command(packages) {
  return `sudo apt-get update && sudo apt-get install -y ${packages.join(" ")}`;
}

/** @param {string[]} packages */
function withoutApt(packages) {
  const others = packages.filter((name) => !name.startsWith("lib"));
  const compilers = others.length > 0 ? `Install ${others.join(", ")} with your system's package manager.\n` : "";
  return packages.includes("libtorch-dev") ? `${compilers}${howToGetLibtorch()}` : compilers.trimEnd();
}

/**
 * Ubuntu 22.04 would fetch hundreds of megabytes of a libtorch that is then refused.
 * @param {{ status: number | null, output: string }} updated what apt-get update came to
 */
function refuseOldCandidate(updated) {
  const { stdout } = spawnSync("apt-cache", ["policy", "libtorch-dev"], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  const candidate = /Candidate: (\d+(\.\d+)*)/.exec(stdout ?? "")?.[1];
  if (candidate && versionAtLeast(candidate, OLDEST)) return;
  if (!candidate && updated.status !== 0) {
    console.error(updated.output);
    fail("apt-get update failed, and no libtorch is known without it; the reason is above.", howToGetLibtorch());
  }
  const offer = candidate ? `libtorch ${candidate}` : "no libtorch";
  fail(`This system's packages offer ${offer}, and selfadapt needs ${OLDEST} or later.`, howToGetLibtorch());
}

/** @param {string[]} prefix @param {string[]} args */
function apt(prefix, args) {
  // sudo drops the variables of a proxy. At boot, other installations may hold dpkg's lock for minutes.
  const proxies = ["http_proxy", "https_proxy", "no_proxy"].flatMap((name) =>
    process.env[name] === undefined ? [] : [`${name}=${process.env[name]}`],
  );
  const aptGet = ["apt-get", "-o", "DPkg::Lock::Timeout=600", ...args];
  const [program, ...rest] = [...prefix, "env", ...proxies, "DEBIAN_FRONTEND=noninteractive", ...aptGet];
  const run = spawnSync(program ?? "env", rest, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 28,
  });
  return { status: run.status, output: `${run.stdout}${run.stderr}` };
}
