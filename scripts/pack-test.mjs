// @ts-check
// Packs the package, installs the tarball in empty projects as a user would, and uses it there: with everything, and
// without the optional dependencies.

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

/** Prints the messages about what is missing, a line each; loads nothing of libtorch. */
const LIGHT_PROGRAM = `
import { pipeline } from "selfadapt/inference";

const inside = (path) => import("./node_modules/selfadapt/dist/" + path);
const { decodeImage } = await inside("data/formats/images/decode-image.js");
const { createHttpApp } = await inside("serving/http-app.js");

const messages = [
  pipeline("image-classification", "program.js"),
  (async () => decodeImage("cat.png", { channels: 3, height: 8, width: 8 }))(),
  createHttpApp({ bodyLimit: 1, timeoutMs: 1 }, () => {}),
].map((promise) => promise.then(() => "no message", ({ message }) => message));
for (const message of await Promise.all(messages)) console.log(message);
`;

const folder = mkdtempSync(join(tmpdir(), "selfadapt-pack-"));
try {
  const tarball = pack(folder);
  const project = join(folder, "project");
  installInto(project, tarball);
  use(project);
  missTheAddon(project);
  useWithoutOptional(join(folder, "light"), tarball);
  console.log("The packed package installs, loads and runs.");
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

/** @param {string} project @param {string} tarball @param {string[]} options */
function installInto(project, tarball, ...options) {
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "project", private: true, type: "module" }));
  run(project, "npm", "install", "--no-audit", "--no-fund", ...options, tarball);
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
 * Without the optional dependencies everything loads, and what needs one of them names it with the command that installs it.
 * @param {string} project @param {string} tarball
 */
function useWithoutOptional(project, tarball) {
  installInto(project, tarball, "--omit=optional", "--ignore-scripts");
  writeFileSync(join(project, "program.js"), LIGHT_PROGRAM);
  const lines = run(project, process.execPath, "program.js").trim().split("\n");
  const packages = ["onnxruntime-node", "@img/sharp-", "fastify"];
  if (packages.every((name, i) => lines[i]?.includes("npm install ") && lines[i]?.includes(name))) return;
  throw new Error(`without optional dependencies the package says: ${lines.join("; ")}`);
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
