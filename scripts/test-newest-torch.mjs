// @ts-check
// Builds the addon of this checkout against a current torch, in a folder of its own, and runs the engine's tests and those of several
// processes with it. The torch comes from pip; where pip cannot serve it, a line says so and nothing is tested. Needs the built command
// line (npx tsc -p tsconfig.json).

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onPath } from "./setup/machine.mjs";
import { filesOf, ROOT } from "./setup/paths.mjs";

const VERSION = "2.13.0";
/** The interpreters that this torch has wheels for. */
const PYTHONS = ["python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
/** What compiling and the tests read. */
const COPIED = [
  "binding.gyp",
  "package.json",
  "vitest.config.ts",
  "native",
  "scripts",
  "src",
  "dist",
  "test/support",
  "test/ranks",
];
const ENGINE = ["autograd", "dispatch", "lifetime", "operators", "nn/trunk", "nn/packed"];
const PROCESSES = ["distributed", "measured-in-ranks", "resumed-in-ranks", "several-processes"];
const TESTS = [
  ...ENGINE.map((name) => `src/torch/${name}.test.ts`),
  ...PROCESSES.map((name) => `test/${name}.test.ts`),
];

const folder = mkdtempSync(join(tmpdir(), "selfadapt-torch-"));
try {
  process.exitCode = main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function main() {
  const torch = installTorch();
  if ("reason" in torch) {
    console.log(`skipped: the addon was not tested with torch ${VERSION}: ${torch.reason}`);
    return 0;
  }
  const checkout = copyCheckout();
  const env = { ...process.env, LIBTORCH: torch.path };
  const setup = spawnSync("node", ["scripts/setup.mjs", "--install-script"], { cwd: checkout, env, stdio: "inherit" });
  if (setup.status !== 0) return 1;
  const { version } = JSON.parse(readFileSync(filesOf(join(checkout, "build")).libtorchJson, "utf8"));
  if (version !== VERSION) throw new Error(`the addon was to be built against torch ${VERSION}, not ${version}`);
  return (
    spawnSync("npx", ["--no-install", "vitest", "run", ...TESTS], { cwd: checkout, env, stdio: "inherit" }).status ?? 1
  );
}

/** The folder of a torch in a virtual environment, or why there is none. @returns {{ path: string } | { reason: string }} */
function installTorch() {
  const python = PYTHONS.map((name) => onPath(name)).find((path) => path && succeeds(path, ["-c", "import ensurepip"]));
  if (!python) return { reason: `none of ${PYTHONS.join(", ")} is here with venv` };
  const environment = join(folder, "python");
  if (!succeeds(python, ["-m", "venv", environment])) return { reason: `${python} makes no virtual environment` };
  // Its dependencies are Python packages, which its libraries and headers do not need.
  const pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--retries", "0", "--timeout", "15"];
  const inside = join(environment, "bin", "python");
  const problem = problemOf(inside, [...pip, `torch==${VERSION}+cpu`]);
  if (problem !== null) return { reason: `pip: ${problem}` };
  const code = "import sysconfig; print(sysconfig.get_paths()['platlib'])";
  return { path: join(spawnSync(inside, ["-c", code], { encoding: "utf8" }).stdout.trim(), "torch") };
}

/** @param {string} program @param {string[]} args */
function succeeds(program, args) {
  return problemOf(program, args) === null;
}

/** The last line of what a program said where it failed, else null. @param {string} program @param {string[]} args */
function problemOf(program, args) {
  const run = spawnSync(program, args, { encoding: "utf8", timeout: 120_000 });
  if (run.status === 0) return null;
  return run.error?.message ?? run.stderr.trim().split("\n").at(-1) ?? "failed";
}

/** A copy of what is needed, so that the build of this checkout is not touched. */
function copyCheckout() {
  const checkout = join(folder, "checkout");
  mkdirSync(checkout);
  for (const name of [...COPIED, ...TESTS]) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
  return checkout;
}
