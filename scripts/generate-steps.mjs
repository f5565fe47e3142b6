// @ts-check
// Writes src/torch/generated/step-rows.ts from the table in native/trunk/steps.h; with --check it fails when they differ.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renderSteps, stepsIn } from "./operators/steps.mjs";

const at = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const output = at("../src/torch/generated/step-rows.ts");
const text = renderSteps(stepsIn(readFileSync(at("../native/trunk/steps.h"), "utf8")));

if (!process.argv.includes("--check")) writeFileSync(output, text);
else if (readFileSync(output, "utf8") !== text) {
  console.error("src/torch/generated/step-rows.ts is stale; run: node scripts/generate-steps.mjs");
  process.exitCode = 1;
}
