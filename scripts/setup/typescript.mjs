// @ts-check
// Builds dist/ from src/, the page of the studio included, and makes `npx selfadapt` work inside the checkout.

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fail } from "./fail.mjs";
import { ROOT } from "./paths.mjs";
import { buildStudio } from "./studio.mjs";

const DIST = join(ROOT, "dist");
const FRESH = join(ROOT, "dist.new");
const OLD = join(ROOT, "dist.old");
const COMMAND = join(DIST, "cli", "main.js");
const LINK = join(ROOT, "node_modules", ".bin", "selfadapt");

/** Compiles into a fresh folder that then takes the place of dist/: no file of a deleted source stays behind. */
export function buildTypeScript() {
  rmSync(FRESH, { recursive: true, force: true });
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const args = [tsc, "-p", "tsconfig.json", "--outDir", FRESH, "--noEmitOnError"];
  const run = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  if (run.status !== 0) {
    console.error(run.stdout + run.stderr);
    fail("src/ does not compile; the reason is above.");
  }
  buildStudio(join(FRESH, "studio", "web"));
  rmSync(OLD, { recursive: true, force: true });
  if (existsSync(DIST)) renameSync(DIST, OLD);
  renameSync(FRESH, DIST);
  rmSync(OLD, { recursive: true, force: true });
  if (existsSync(COMMAND)) chmodSync(COMMAND, 0o755);
}

/** Whether node_modules/.bin has the checkout's own command, which npm links for others only. */
export function isLinked() {
  return lstatSync(LINK, { throwIfNoEntry: false }) !== undefined;
}

/** Links the checkout's own command into node_modules/.bin. */
export function link() {
  mkdirSync(join(ROOT, "node_modules", ".bin"), { recursive: true });
  symlinkSync(join("..", "..", "dist", "cli", "main.js"), LINK);
}
