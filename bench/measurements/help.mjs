// @ts-check
// The time of `selfadapt --help`: at most 0.3 seconds, because the addon is not loaded.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { compare, median } from "../measurement.mjs";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const LIMIT_SECONDS = 0.3;
const TIMES = 5;

function seconds() {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [command, "--help"], { encoding: "utf8" });
  if (status !== 0) throw new Error(`selfadapt --help ended with status ${status}: ${stderr}`);
  return (performance.now() - began) / 1000;
}

async function run() {
  const ours = median(Array.from({ length: TIMES }, seconds));
  return [compare({ name: "help", unit: "s", ours, theirs: LIMIT_SECONDS, target: 1, better: "less" })];
}

export const help = { name: "help", run };
