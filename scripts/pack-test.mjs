// @ts-check
// Packs the package, installs the tarball in an empty project as a user would, and uses it there.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./setup/paths.mjs";

const LARGEST = 2e6;

const PROGRAM = `
import * as library from "selfadapt";
import { tensor } from "selfadapt/torch";

const sum = tensor([[1, 2], [3, 4]]).sum().item();
if (sum !== 10) throw new Error("the sum of 1, 2, 3 and 4 came out as " + sum);
if (Object.keys(library).length === 0) throw new Error("selfadapt exports nothing");
`;

const folder = mkdtempSync(join(tmpdir(), "selfadapt-pack-"));
try {
  const tarball = pack(folder);
  const project = join(folder, "project");
  installInto(project, tarball);
  use(project);
  missTheAddon(project);
  console.log("The packed package installs, loads and answers.");
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} destination */
function pack(destination) {
  const [packed] = JSON.parse(run(ROOT, "npm", "pack", "--json", "--pack-destination", destination));
  const stray = packed.files.map((/** @type {{ path: string }} */ { path }) => path).filter(isStray);
  if (stray.length > 0) throw new Error(`the package holds what it should not: ${stray.join(", ")}`);
  if (packed.size > LARGEST) throw new Error(`the package has ${packed.size} bytes; ${LARGEST} are the most expected`);
  return join(destination, packed.filename);
}

/** @param {string} path */
function isStray(path) {
  return /\.test\.|^(test|src|build|bench|runs|node_modules)\/|\.node$/.test(path);
}

/** @param {string} project @param {string} tarball */
function installInto(project, tarball) {
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "project", private: true, type: "module" }));
  run(project, "npm", "install", "--no-audit", "--no-fund", tarball);
}

/** @param {string} project */
function use(project) {
  writeFileSync(join(project, "program.js"), PROGRAM);
  run(project, process.execPath, "program.js");
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const answer = run(project, "npx", "--no-install", "selfadapt", "--version").trim();
  if (answer !== version) throw new Error(`selfadapt --version answers ${answer}, and package.json says ${version}`);
  run(project, "npx", "--no-install", "selfadapt", "--help");
}

/**
 * npm may be told to block install scripts: what is then missing must be named with the command that makes it.
 * @param {string} project
 */
function missTheAddon(project) {
  rmSync(join(project, "node_modules", "selfadapt", "build"), { recursive: true });
  const { status, stderr } = spawnSync(process.execPath, ["program.js"], { cwd: project, encoding: "utf8" });
  const setup = join("node_modules", "selfadapt", "scripts", "setup.mjs");
  if (status === 0 || !stderr.includes(setup)) throw new Error(`without its addon the package says only: ${stderr}`);
}

/** @param {string} cwd @param {string} program @param {string[]} args */
function run(cwd, program, ...args) {
  return execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
