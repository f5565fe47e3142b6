// The addon in several threads at once, and what the garbage collector does for those who release nothing.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { kernelsIn } from "../src/torch/index.js";

interface Told {
  readonly losses: number[];
  readonly liveTensors: number;
}

const file = (name: string) => fileURLToPath(new URL(`threads/${name}`, import.meta.url));

interface Trained {
  readonly losses: number[];
  readonly sums: number[];
}

const start = (workerData: object, name = "worker.mjs") => new Worker(file(name), { workerData });

async function told<Message = Told>(worker: Worker): Promise<Message> {
  const [message] = (await once(worker, "message")) as [Message];
  return message;
}

async function ended(worker: Worker): Promise<number> {
  const [code] = (await once(worker, "exit")) as [number];
  return code;
}

describe("two threads that load the addon", () => {
  test("compute side by side what each computes alone, and count their own tensors", async () => {
    const alone = [];
    for (const seed of [1, 2]) {
      const worker = start({ seed, steps: 50 });
      const exit = ended(worker);
      alone.push(await told(worker));
      expect(await exit).toBe(0);
    }
    for (let round = 0; round < 5; round++) {
      const workers = [1, 2].map((seed) => start({ seed, steps: 50 }));
      const exits = Promise.all(workers.map(ended));
      expect(await Promise.all(workers.map(told))).toEqual(alone);
      expect(await exits).toEqual([0, 0]);
    }
    expect(alone.map(({ liveTensors }) => liveTensors)).toEqual([2, 2]);
    expect(alone[0]?.losses.at(-1)).toBeLessThan(alone[0]?.losses[0] as number);
  });

  test("may be ended in the middle of their work", async () => {
    for (let round = 0; round < 8; round++) {
      const workers = [1, 2].map((seed) => start({ seed, steps: 1, forever: true }));
      await Promise.all(workers.map(told));
      expect(await Promise.all(workers.map((worker) => worker.terminate()))).toEqual([1, 1]);
    }
  });
});

const absent = kernelsIn("bfloat16").length === 0;

test.skipIf(absent)("two threads that train on packed kernels learn what each learns alone", async () => {
  const train = async (seed: number) => {
    const worker = start({ seed, steps: 8, kernels: kernelsIn("bfloat16")[0] }, "packed-worker.mjs");
    const exit = ended(worker);
    const trained = await told<Trained>(worker);
    expect(await exit).toBe(0);
    return trained;
  };
  const alone = [await train(1), await train(2)];
  for (let round = 0; round < 3; round++) expect(await Promise.all([train(1), train(2)])).toEqual(alone);
  for (const { losses } of alone) expect(losses.at(-1)).toBeLessThan(losses[0] as number);
});

describe("tensors that nobody releases", () => {
  test("are released when the garbage collector finds them", () => {
    const output = execFileSync(process.execPath, ["--expose-gc", file("collected.mjs")], { encoding: "utf8" });
    const { before, held, after } = JSON.parse(output);
    expect(held.tensors).toBeGreaterThanOrEqual(before.tensors + 200);
    expect(held.bytes).toBeGreaterThan(before.bytes + 200 * 4000);
    expect(after).toEqual(before);
  });
});
