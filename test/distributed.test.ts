// Several processes: collectives against plain sums, and what ranks say that cannot meet.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { distributed } from "../src/torch/index.js";

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
