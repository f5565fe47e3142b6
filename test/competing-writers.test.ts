// Two processes that start on one run folder again and again, each killed at any moment.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "./support/temporary-folder.js";

const child = new URL("support/writer-child.mjs", import.meta.url).pathname;
const folder = temporaryFolder();
const TRIES = 25;

/** Starts a writer; resolves to what it said first: "locked", or "refused: ...". */
async function startWriter(run: string) {
  const process_ = spawn(process.execPath, [child, run], { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = (await once(process_.stdout, "data")) as [Buffer];
  return { process: process_, said: said.toString() };
}

it("one of two writers gets the run, and killing it at any moment leaves a run that the next one goes on with", async () => {
  const run = join(folder("competing"), "run");
  let last = -1;
  const writers = { locked: 0, refused: 0 };
  for (let i = 0; i < TRIES; i++) {
    const pair = await Promise.all([startWriter(run), startWriter(run)]);
    const [first, second] = pair.map(({ said }) => said.split(":")[0]?.trim());
    expect([first, second].toSorted()).toEqual(["locked", "refused"]);
    writers.locked++;
    writers.refused++;
    // A different number of turns of the event loop each time, so that the blow falls into different moments of a write.
    for (let turn = 0; turn < (i * 7) % 50; turn++) await new Promise(setImmediate);
    for (const { process: writer } of pair) {
      if (writer.exitCode === null && writer.signalCode === null) {
        writer.kill("SIGKILL");
        await once(writer, "close");
      }
    }

    const lines = existsSync(join(run, "metrics.jsonl")) ? readFileSync(join(run, "metrics.jsonl"), "utf8") : "";
    const epochs = lines
      .split("\n")
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { epoch: number }).epoch);
    expect(epochs).toEqual(epochs.map((_, epoch) => epoch));
    const checkpoints = [join(run, "checkpoint"), join(run, "previous")].filter(existsSync);
    for (const checkpoint of checkpoints) expect(readdirSync(checkpoint)).toEqual(["a", "b", "c", "epoch"]);
    const [saved] = checkpoints;
    if (saved === undefined) continue;
    const epoch = Number(readFileSync(join(saved, "epoch"), "utf8"));
    expect(epoch).toBeGreaterThanOrEqual(last);
    expect(epochs.length).toBeGreaterThan(epoch);
    last = epoch;
  }
  expect(last).toBeGreaterThan(0);
}, 180_000);
