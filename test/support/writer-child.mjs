// Writes a run folder as training does, without an engine: `node writer-child.mjs RUN`. Epochs are
// numbered on from the last one in the folder; each is a line of metrics.jsonl and then a checkpoint.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { appendAtomic, writeFileAtomic, writeFolderAtomic } from "../../dist/atomic-files.js";
import { lockRun } from "../../dist/runs/lock/lock.js";

const [, , run] = process.argv;
const [metrics, checkpoint, previous] = ["metrics.jsonl", "checkpoint", "previous"].map((name) => join(run, name));
/** A checkpoint of several files, so that deleting one takes a while. */
const filesOf = (epoch) => new Map(["a", "b", "c", "epoch"].map((name) => [name, Buffer.from(String(epoch))]));

let lock;
try {
  lock = lockRun(run);
} catch (error) {
  process.stdout.write(`refused: ${error.message}\n`);
  process.exit(2);
}
process.stdout.write("locked\n");
// Killed between two renames, a writer leaves the old checkpoint under its other name.
const saved = [checkpoint, previous].find(existsSync);
let epoch = saved === undefined ? 0 : Number(readFileSync(join(saved, "epoch"), "utf8")) + 1;
const lines = existsSync(metrics) ? readFileSync(metrics, "utf8").split("\n").slice(0, epoch) : [];
writeFileAtomic(metrics, lines.map((line) => `${line}\n`).join(""));
for (; ; epoch++) {
  lock.requireHeld();
  appendAtomic(metrics, `${JSON.stringify({ epoch, pid: process.pid })}\n`);
  writeFolderAtomic(checkpoint, filesOf(epoch), previous);
}
