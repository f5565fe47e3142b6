// Several processes: collectives against plain sums, and what ranks say that cannot meet.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type LossObjective, moco, selectiveNet, simClr, takeStep } from "../src/objectives/index.js";
import { distributed, manualSeed, type Tensor, tensor } from "../src/torch/index.js";
import { expectAllClose } from "./support/all-close.js";

const program = fileURLToPath(new URL("ranks/collectives.mjs", import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  const texts = { out: "", err: "" };
  child.stdout?.on("data", (data) => (texts.out += data));
  child.stderr?.on("data", (data) => (texts.err += data));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, ...texts };
}

function rank(environment: Record<string, string | number>): Promise<Ended> {
  const settings = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));
  return ended(spawn(process.execPath, [program], { env: { ...process.env, OMP_NUM_THREADS: "1", ...settings } }));
}

/** A store like a launcher's, served by this process. */
function launched(world: number) {
  const port = distributed.serveStore("127.0.0.1");
  return { WORLD_SIZE: world, MASTER_ADDR: "127.0.0.1", MASTER_PORT: port, TORCHELASTIC_USE_AGENT_STORE: "True" };
}

/** The five samples that the ranks have three, two and none of; of two views (2 x 5, columns). */
function samplesOf(columns: number, views = 1): Tensor {
  const values = Float32Array.from({ length: views * 5 * columns }, (_, i) => Math.sin(3 * i));
  return tensor(values, { shape: [views * 5, columns] });
}

const labels = [0, 1, 0, 1, 1];
const batch = { labels, index: labels, epoch: 0 };

function gradientOf(objective: LossObjective, outputs: Tensor): number[] {
  outputs.requiresGrad = true;
  objective.loss(outputs, batch).backward();
  return [...((outputs.grad as Tensor).data() as Float32Array)];
}

/** Rows of two views in the order in which ranks with three and two samples have them. */
const byRank = (values: readonly number[], columns: number) =>
  [0, 1, 2, 5, 6, 7, 3, 4, 8, 9].flatMap((row) => values.slice(row * columns, (row + 1) * columns));

const forward = Object.assign((given: Tensor) => given, { evaluating: <T>(body: () => T) => body() });
const unit = (values: Tensor) => values.div(values.norm(2, [1], { keepdim: true }));
const targetNetwork = { targets: unit, outputs: (given: Tensor) => given, follow() {}, state: () => new Map() };

function queueOf(images: Tensor): Tensor {
  manualSeed(3);
  const contrast = moco({ targetNetwork, dimension: 4, queue: 7 });
  takeStep(contrast, forward, { ...batch, images });
  return contrast.state().get("queue") as Tensor;
}

describe.skipIf(!distributed.hasGloo())("ranks in processes of their own", () => {
  test("exchange what they should, three of them", async () => {
    const environment = launched(3);
    const ends = await Promise.all([0, 1, 2].map((RANK) => rank({ ...environment, RANK })));
    expect(ends.map(({ err }) => err)).toEqual(["", "", ""]);
    const told = ends.map(({ out }) => JSON.parse(out) as Record<string, unknown>);
    for (const each of told) {
      expect(each).toMatchObject({ sum: [6, 30], most: [2], root: [7], parts: [0, 1, 4], numbers: [1.5, 3] });
      // Rank 0: db = 6; ranks 1 and 2: da = 1 and 2.
      expect(each.gradients).toEqual([[3, 3], [6], null]);
    }
    for (const each of told) {
      expect(each).toMatchObject({ gathered: [10, 20, 21], texts: ["", "x", "xx"] });
      // The loss of the batch of all ranks, its gradient in the rows of each.
      expectAllClose(each.selective as number[], gradientOf(selectiveNet({ classes: 2 }), samplesOf(5)));
      expectAllClose(each.views as number[], byRank(gradientOf(simClr(), samplesOf(4, 2)), 4));
      expectAllClose(each.queue as number[], queueOf(samplesOf(4, 2)).flatten());
    }
    expect(told.map(({ rows }) => rows)).toEqual([[], [0, 10, 20], [1, 2, 11, 12, 21, 22]]);
  });

  test("a rank that is claimed twice is refused, and one that is left alone gives up", async () => {
    const environment = { ...launched(2), TIMEOUT_MS: 2000 };
    const ends = await Promise.all([rank({ ...environment, RANK: 0 }), rank({ ...environment, RANK: 0 })]);
    expect(ends.map(({ status }) => status)).toEqual([1, 1]);
    expect(ends.map(({ err }) => err).join()).toContain("another process has rank 0 already");
  });
});

describe("the environment of a rank", () => {
  const environment = { RANK: "1", WORLD_SIZE: "4", MASTER_ADDR: "host-a", MASTER_PORT: "29500" };

  test("is that of torchrun; without one a process is by itself", () => {
    expect(distributed.ranksFrom({})).toBeNull();
    expect(distributed.ranksFrom(environment)).toEqual({
      rank: 1,
      world: 4,
      localRank: 1,
      localWorld: 4,
      host: "host-a",
      port: 29500,
      launcherServes: false,
      attempt: 0,
    });
  });

  test.each([
    [{ RANK: "4" }, 'RANK is "4"; expected a whole number from 0 to 3'],
    [{ WORLD_SIZE: "0" }, 'WORLD_SIZE is "0"; expected a whole number from 1'],
    [{ MASTER_PORT: "http" }, 'MASTER_PORT is "http"; expected a whole number from 1 to 65535'],
    [{ MASTER_ADDR: "" }, "MASTER_ADDR is not set"],
  ])("that is impossible is refused: %o", (change, message) => {
    expect(() => distributed.ranksFrom({ ...environment, ...change })).toThrow(message);
  });
});
