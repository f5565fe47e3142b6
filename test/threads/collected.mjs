// @ts-check
// Run with --expose-gc: drops tensors without releasing them, and prints the counters before, with them, and after collection.
import { setImmediate as nextTurn } from "node:timers/promises";
import { liveBytes, liveTensors, ops } from "../../dist/torch/index.js";

const count = () => ({ tensors: liveTensors(), bytes: liveBytes() });

function drop() {
  const list = Array.from({ length: 200 }, () => ops.ones([1000]).add(1));
  return { ...count(), last: list.at(-1)?.shape };
}

const before = count();
const held = drop();
for (let i = 0; i < 200 && liveTensors() > before.tensors; i++) {
  globalThis.gc?.();
  await nextTurn();
}
console.log(JSON.stringify({ before, held, after: count() }));
