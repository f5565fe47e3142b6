#!/usr/bin/env node
// @ts-check
// Gets a checkout ready to run: npm dependencies, libtorch, the addon, dist/. Silent when there is nothing to do.
//
//     node scripts/setup.mjs                     by hand, and before npm run demo, npm test, ...
//     node scripts/setup.mjs --tests             before npm test: a browser, too
//     node scripts/setup.mjs --install-script    while npm installs: only the addon

import { fail, SetupError } from "./setup/fail.mjs";
import { withLock } from "./setup/lock.mjs";
import { stepsFor } from "./setup/steps.mjs";

const OLDEST_NODE = [20, 19];

try {
  checkNode();
  const [installScript, tests] = ["--install-script", "--tests"].map((flag) => process.argv.includes(flag));
  const steps = stepsFor({ installScript: installScript === true, tests: tests === true });
  if (!steps.every((step) => step.isDone())) withLock(() => run(steps));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** @param {import("./setup/steps.mjs").Step[]} steps */
function run(steps) {
  for (const step of steps) if (!step.isDone()) step.run();
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  fail(
    `This is Node ${process.versions.node}; selfadapt needs ${OLDEST_NODE.join(".")} or later (https://nodejs.org).`,
  );
}
