// @ts-check
// Installs the npm dependencies as package-lock.json has them.

import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "./fail.mjs";
import { ROOT } from "./paths.mjs";

/**
 * Whether node_modules holds what package-lock.json lists. Our own optional dependencies are expected in a checkout; those of
 * others may be absent, since most are for other systems.
 * @param {string} root
 */
export function dependenciesMatch(root) {
  const installed = packagesIn(join(root, "node_modules", ".package-lock.json"));
  const { "": project, ...locked } = packagesIn(join(root, "package-lock.json")) ?? {};
  const ours = Object.keys(project?.optionalDependencies ?? {}).map((name) => `node_modules/${name}`);
  return Object.entries(locked).every(([path, { version, optional, devOptional }]) => {
    const present = installed?.[path];
    if (present) return present.version === version;
    return Boolean(installed && (optional || devOptional) && !ours.includes(path));
  });
}

/** @typedef {{ version: string, optional?: boolean, devOptional?: boolean, optionalDependencies?: Record<string, string> }} LockedPackage */

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage> | undefined}
 */
function packagesIn(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : undefined;
}

/**
 * Whether node_modules is a link: `npm ci` would empty the folder that it points to.
 * @param {string} root
 */
export function dependenciesAreLinked(root) {
  return lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** Runs `npm ci`; no install script is needed by any dependency, and none runs. */
export function installDependencies() {
  if (dependenciesAreLinked(ROOT)) {
    fail(
      "node_modules is a link to a folder that does not match package-lock.json, and npm ci would empty that folder.",
      "Run npm ci where the link points, or remove the link and run this again.",
    );
  }
  console.error("Installing the npm dependencies of package-lock.json");
  const args = [
    "ci",
    "--include=dev",
    "--include=optional",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const run = spawnSync("npm", args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  if (run.status === 0) return;
  console.error(`${run.stdout ?? ""}${run.stderr ?? run.error?.message ?? ""}`);
  fail(
    "The npm dependencies could not be installed; the reason is above. To try by hand:",
    `    npm ${args.join(" ")}`,
  );
}
