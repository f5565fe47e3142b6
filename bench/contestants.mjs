// @ts-check
// Starts our side and PyTorch's on the same work with the same number of threads.

import { findPython } from "./python.mjs";
import { startSide } from "./side.mjs";

/**
 * @typedef {import("./side.mjs").Side} Side
 * @typedef {Pick<import("./workload.mjs").Comparison, "workload" | "mode" | "precision" | "layouts" | "compiled">} Contest
 */

const ourScript = new URL("sides/ours.mjs", import.meta.url);
const theirScript = new URL("sides/pytorch/side.py", import.meta.url);

/** Our side, warm after `warmup` units of work; on as many threads as are given, or as libtorch takes. */
export function startOurs(
  /** @type {Omit<Contest, "layouts" | "compiled"> & { threads?: number }} */ contest,
  /** @type {number} */ warmup,
) {
  return startSide(process.execPath, ourScript, { ...contest, warmup });
}

/**
 * Runs `body` with our side and PyTorch's in each memory layout (none where there is no PyTorch), and stops them.
 * @template T
 * @param {Contest} contest
 * @param {number} warmup
 * @param {(text: string) => void} note
 * @param {(ours: Side, theirs: ReadonlyMap<string, Side>) => Promise<T>} body
 * @returns {Promise<T>}
 */
export async function withContestants(contest, warmup, note, body) {
  /** @type {Map<string, Side>} */
  const theirs = new Map();
  const ours = await startOurs(contest, warmup);
  try {
    await startPyTorch(theirs, { ...contest, warmup, threads: ours.facts.threads }, note);
    for (const [name, side] of theirs) requireSameNetwork(ours, name, side);
    note(`ours: libtorch ${ours.facts.version}, ${ours.facts.kernels} kernels, ${ours.facts.threads} threads`);
    return await body(ours, theirs);
  } finally {
    await Promise.all([ours, ...theirs.values()].map((side) => side.stop()));
  }
}

/**
 * @param {Map<string, Side>} sides
 * @param {Contest & { warmup: number, threads: unknown }} config
 * @param {(text: string) => void} note
 */
async function startPyTorch(sides, { layouts, compiled, ...config }, note) {
  const python = findPython("torch");
  if (python === null) {
    note("PyTorch was not found, so there is nothing to compare with; on Debian: apt-get install python3-torch");
    return;
  }
  note(`theirs: PyTorch ${python.version}, as many threads as ours`);
  for (const layout of layouts) {
    sides.set(`PyTorch ${layout}`, await startSide(python.program, theirScript, { ...config, layout }));
  }
  if (compiled) await startCompiled(sides, python.program, { ...config, layout: "channels_last" }, note);
}

/**
 * PyTorch by torch.compile, which old versions do not have and which needs a C++ compiler.
 * @param {Map<string, Side>} sides
 * @param {string} program
 * @param {object} config
 * @param {(text: string) => void} note
 */
async function startCompiled(sides, program, config, note) {
  try {
    sides.set("PyTorch compiled", await startSide(program, theirScript, { ...config, compiled: true }));
  } catch {
    note("torch.compile does not work here, so it is left out");
  }
}

/** @param {Side} ours @param {string} name @param {Side} theirs */
function requireSameNetwork(ours, name, theirs) {
  if (theirs.facts.parameters === ours.facts.parameters) return;
  throw new Error(`${name} has ${theirs.facts.parameters} parameters, ours ${ours.facts.parameters}: another network`);
}
