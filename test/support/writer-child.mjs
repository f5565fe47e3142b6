// Writes a run folder as training does, without an engine: `node writer-child.mjs RUN FIRST_STEP_TO_FAIL`. Epochs are
// numbered on from the last one in the folder; each is a line of metrics.jsonl and then a checkpoint.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { appendAtomic, writeFileAtomic, writeFolderAtomic } from "../../dist/runs/atomic-files.js";
import { lockRun } from "../../dist/runs/lock.js";

const [, , run] = process.argv;
const [metrics, checkpoint] = [join(run, "metrics.jsonl"), join(run, "checkpoint")];

let lock;
try {
  lock = lockRun(run);
} catch (error) {
  process.stdout.write(`refused: ${error.message}\n`);
  process.exit(2);
}
process.stdout.write("locked\n");
let epoch = existsSync(checkpoint) ? Number(readFileSync(join(checkpoint, "epoch"), "utf8")) + 1 : 0;
const lines = existsSync(metrics) ? readFileSync(metrics, "utf8").split("\n").slice(0, epoch) : [];
writeFileAtomic(metrics, lines.map((line) => `${line}\n`).join(""));
for (; ; epoch++) {
  lock.requireHeld();
  appendAtomic(metrics, `${JSON.stringify({ epoch, pid: process.pid })}\n`);
  writeFolderAtomic(checkpoint, new Map([["epoch", Buffer.from(String(epoch))]]));
}
