// @ts-check
// A child process that makes the calls of a range: node batch.mjs SEED FIRST COUNT POSITION_FILE
// The number of the call under way stands in POSITION_FILE, so that whoever started this knows which one ended it.
// With COUNT 0, only says what the call FIRST is.
import { openSync, writeSync } from "node:fs";
import { inspect } from "node:util";
import { grad, ops, scope, setThreads, Tensor } from "../../dist/torch/index.js";
import { callOf } from "./calls.mjs";

/** @typedef {import("./random.mjs").Random} Random */

const [seed = 0, first = 0, count = 0] = process.argv.slice(2, 5).map(Number);
const positionFile = /** @type {string} */ (process.argv[5]);
const readable = 20_000;
const mostBytes = 300e6;

const peakBytes = () => process.resourceUsage().maxRSS * 1024;

/** @param {unknown} value @returns {string} */
function show(value) {
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (!(value instanceof Tensor)) return inspect(value, { depth: 4, breakLength: Infinity });
  try {
    const { shape, strides, requiresGrad } = value;
    return `${inspect(value)}${requiresGrad ? "*" : ""} strides ${strides.join()} of ${shape.length > 0 && value.size < 9 ? value.data().join() : "..."}`;
  } catch {
    return "Tensor(broken)";
  }
}

/** @param {unknown} result @returns {Tensor[]} */
function tensorsIn(result) {
  if (Array.isArray(result)) return result.flatMap(tensorsIn);
  return result instanceof Tensor && !result.released && result.size <= readable ? [result] : [];
}

/** @param {Random} random @param {Tensor} result */
function derive(random, result) {
  if (!result.requiresGrad) return;
  if (random.chance(0.7)) return ops.sum(result).backward();
  const input = ops.ones([2]);
  input.requiresGrad = true;
  grad(result, [input], { gradOutputs: [ops.ones(random.chance(0.7) ? result.shape : [2, 3])] });
}

/** What is wrong with an error's message, if anything. @param {unknown} error */
function fault(error) {
  if (!(error instanceof Error)) return `threw ${inspect(error)}`;
  if (/\n|Exception raised|\.(cpp|cc|h|cu):|frame #|\/aten\/|c10::/.test(error.message)) return `says ${error.message}`;
  return null;
}

/** @param {number} index */
function make(index) {
  try {
    scope(() => {
      const { call, random } = callOf(seed, index);
      const result = call.call(...call.values);
      for (const tensor of tensorsIn(result)) {
        tensor.data();
        derive(random, tensor);
      }
    });
    return null;
  } catch (error) {
    return fault(error);
  }
}

function describe() {
  return scope(() => {
    const { call } = callOf(seed, first);
    return `${call.name}(${call.values.map(show).join(", ")})`;
  });
}

function makeAll() {
  const position = openSync(positionFile, "w");
  const faults = [];
  for (let index = first; index < first + count; index++) {
    writeSync(position, String(index).padEnd(12), 0);
    const before = peakBytes();
    const how =
      make(index) ?? (peakBytes() - before > mostBytes ? "took more memory than any right result needs" : null);
    if (how !== null) faults.push({ index, how });
  }
  return faults;
}

setThreads(1);
console.log(count === 0 ? describe() : JSON.stringify(makeAll()));
