// A run killed outright, with no chance to save, again and again.
import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { temporaryFolder } from "./support/temporary-folder.js";
import { outcomeOf, tinyRecipe } from "./support/tiny-run.js";

const child = new URL("support/train-child.mjs", import.meta.url).pathname;
const folder = temporaryFolder();
const setting = {
  recipe: { ...tinyRecipe, epochs: 10, valFraction: 0.2, accumulate: 2 },
  drawings: { train: 60, test: 20, size: 16, seed: 3 },
};

/** Trains in a process of its own until `delay` milliseconds after the given event of it; gives what ended the process. */
function trainUntil(out: string, resume: boolean, moment: string, delay = 0): NodeJS.Signals | number | null {
  const { signal, status, stderr } = spawnSync(process.execPath, [
    child,
    JSON.stringify({ ...setting, out, resume, moment, delay }),
  ]);
  expect(stderr.toString()).toBe("");
  return signal ?? status;
}

it("goes on from SIGKILL, whenever it came, to exactly where the uninterrupted run ends", () => {
  const whole = folder("whole");
  expect(trainUntil(whole, false, "never")).toBe(0);
  const killed = folder("killed");
  const kills: [string, number][] = [
    ["step 2", 0],
    ["epoch 1", 3],
    ["epoch 2", 8],
    ["epoch 2", 16],
    ["saved 1", 0],
    ["step 3", 0],
  ];
  for (const [i, [moment, delay]] of kills.entries()) {
    expect(trainUntil(killed, i > 0, moment, delay), `${moment}, ${delay} ms`).toBe("SIGKILL");
  }
  expect(trainUntil(killed, true, "never")).toBe(0);
  expect(outcomeOf(killed)).toEqual(outcomeOf(whole));
}, 180_000);
