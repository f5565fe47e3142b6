// Trains in a process that kills itself outright: `node train-child.mjs OPTIONS`, as JSON. The blow comes from a thread of
// its own, `delay` milliseconds after the named event, so that it can fall into the middle of a save.
import { Worker } from "node:worker_threads";
import { shapesDataSet, train } from "../../dist/index.js";

const { out, resume, recipe, drawings, moment, delay } = JSON.parse(process.argv[2]);

const fuse = new Int32Array(new SharedArrayBuffer(4));
const killer = `
  const { workerData: { fuse, delay } } = require("node:worker_threads");
  Atomics.wait(fuse, 0, 0);
  Atomics.wait(fuse, 0, 1, delay);
  process.kill(process.pid, "SIGKILL");
`;
const worker = new Worker(killer, { eval: true, workerData: { fuse, delay } });
await new Promise((resolve) => worker.once("online", resolve));
worker.unref();

const seen = {};
await train(recipe, {
  out,
  resume,
  dataSet: shapesDataSet(drawings),
  listeners: [
    ({ type }) => {
      seen[type] = (seen[type] ?? 0) + 1;
      if (`${type} ${seen[type]}` !== moment) return;
      Atomics.store(fuse, 0, 1);
      Atomics.notify(fuse, 0);
    },
  ],
});
process.exit(0);
