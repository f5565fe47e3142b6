// A run killed outright, with no chance to save, again and again.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { shapesDataSet } from "../src/data/index.js";
import { train } from "../src/training/index.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { outcomeOf, tinyRecipe } from "./support/tiny-run.js";

const child = new URL("support/train-child.mjs", import.meta.url).pathname;
const folder = temporaryFolder();
const drawings = { train: 60, test: 20, size: 16, seed: 3 };
const recipe = { ...tinyRecipe, valFraction: 0.2, accumulate: 2 };

/** Trains in a process that is killed `delay` milliseconds after the given event, counted; true where it got to the end. */
async function trainUntil(out: string, resume: boolean, moment: string, delay: number): Promise<boolean> {
  const running = spawn(
    process.execPath,
    [child, out, String(resume), JSON.stringify(recipe), JSON.stringify(drawings)],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const ended = new Promise<NodeJS.Signals | null>((resolve) => running.on("close", (_, signal) => resolve(signal)));
  const seen: Record<string, number> = {};
  for await (const type of createInterface({ input: running.stdout })) {
    seen[type] = (seen[type] ?? 0) + 1;
    if (`${type} ${seen[type]}` === moment) setTimeout(() => running.kill("SIGKILL"), delay);
  }
  return (await ended) === null;
}

it("goes on from SIGKILL, whenever it came, to exactly where the uninterrupted run ends", async () => {
  const whole = folder("whole");
  await train(recipe, { out: whole, dataSet: shapesDataSet(drawings) });
  const killed = folder("killed");
  const kills = [
    ["step 2", 0],
    ["epoch 1", 0],
    ["epoch 1", 8],
    ["saved 1", 1],
    ["step 3", 5],
  ] as const;
  let survived = 0;
  for (const [sitting, [moment, delay]] of kills.entries()) {
    if (survived === 0 && (await trainUntil(killed, sitting > 0, moment, delay))) survived = sitting;
  }
  expect(survived === 0 || survived > 2, "the first kills came in time").toBe(true);
  if (survived === 0) expect(await trainUntil(killed, true, "never", 0)).toBe(true);
  expect(outcomeOf(killed)).toEqual(outcomeOf(whole));
}, 180_000);
