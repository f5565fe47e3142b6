// Several processes are one, to the last bit; what happens when one of them ends, or cannot go on.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Method, methodNamed, methods } from "../src/methods/index.js";
import { createModel } from "../src/models/index.js";
import { readCheckpoint } from "../src/runs/checkpoint.js";
import { distributed, manualSeed, packedKernels, type StoredDict } from "../src/torch/index.js";
import { train } from "../src/training/index.js";
import { main } from "./support/command.js";
import { picture } from "./support/picture-folder.js";
import { type Recipes, run, trainInRanks } from "./support/ranks.js";
import { embeddings } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { byMethod } from "./support/tiny-run.js";

const folder = temporaryFolder();
const base = {
  data: "shapes:train=53,test=20,size=16,seed=0",
  model: "mlp",
  width: 4,
  epochs: 2,
  batchSize: 32,
  lr: 0.01,
  kernels: "stock",
  precision: "fp32",
} as const;

/** Methods that see the samples of all ranks: two ranks compute more than one process that accumulates two parts. */
const ofAllRanks = ["selectivenet", "simclr", "moco"];

const bytes = (run: string, file: string) => readFileSync(join(run, file)).toString("base64");

/** The training loss of the last epoch. */
const lossOf = (run: string): number =>
  JSON.parse(readFileSync(join(run, "metrics.jsonl"), "utf8").trim().split("\n").at(-1) as string).trainLoss;

/** The per-sample state of a checkpoint, however many ranks wrote it. */
function stateOf(run: string): StoredDict {
  const { targets } = readCheckpoint(run, "last").tensors;
  return new Map([...targets].filter(([name]) => !name.startsWith("slow.")).sort());
}

/** The optimizer's averages of the gradients and the per-sample history; running statistics are the mean over the ranks. */
function requireSame(one: string, other: string): void {
  const files = ["checkpoint/last/optimizer.safetensors", "record/0000.npy", "record/0001.npy", "targets.npy"];
  for (const file of files.filter((name) => existsSync(join(one, name)))) {
    expect(bytes(one, file) === bytes(other, file), join(one, file)).toBe(true);
  }
  expect(stateOf(one), one).toEqual(stateOf(other));
}

/** Trains in two ranks, and in one process that accumulates two parts. */
async function requireSameInTwoRanks(cwd: string, recipes: Recipes): Promise<void> {
  expect(await trainInRanks(cwd, 2, () => recipes)).toBe("");
  for (const [name, { linear, ...recipe }] of Object.entries(recipes)) {
    const alone = join(cwd, `${name}-alone`);
    manualSeed(0);
    const model = linear && createModel("mlp", linear);
    await train({ ...recipe, accumulate: 2 }, { out: alone, model });
    requireSame(join(cwd, name), alone);
  }
}

/** Two steps an epoch, the second of another size, and no evaluation. */
const tiny = { ...base, data: "shapes:train=21,test=0,size=16,seed=0", batchSize: 12 } as const;

/** A recipe by any method; attacks see running statistics, so networks that are attacked have no batch norm. */
function tinyRecipeOf({ name: objective, family }: Method): Recipes[string] {
  const epochs = family === "self-supervised" ? 1 : 2;
  const recipe = byMethod({ ...tiny, epochs, objective, startEpoch: 1, attackSteps: 2, headWidth: 16, dimension: 8 });
  if (family !== "adversarial") return recipe;
  const { model: _, width: __, ...rest } = recipe;
  return { ...rest, linear: { features: 3 * 16 * 16, hidden: [], classes: 10 } };
}

const targets = { ...base, objective: "sat", startEpoch: 1 } as const;
const convolutional = {
  ...tiny,
  data: "shapes:train=33,test=0,size=16,seed=0",
  objective: "sat",
  startEpoch: 1,
  model: "resnet18",
  emaDecay: 0.9,
  valFraction: 0.1,
} as const;

describe.skipIf(!distributed.hasGloo())("several processes", () => {
  test("train as one that accumulates as many parts, whatever the method", async () => {
    const byItself = methods().filter(({ name }) => !ofAllRanks.includes(name));
    await requireSameInTwoRanks(folder("methods"), {
      ...Object.fromEntries(byItself.map((method) => [method.name, tinyRecipeOf(method)])),
      mixed: { ...targets, mixupAlpha: 1, cutmixAlpha: 1 },
      balanced: { ...base, objective: "ce", sampling: "balanced", limitTrain: 41 },
      detected: {
        ...base,
        objective: "sat",
        data: "shapes:train=1010,test=20,size=16,seed=0",
        batchSize: 256,
        epochs: 3,
      },
      random: { ...tinyRecipeOf(methodNamed("sat-ssl")), initialTargets: "random" },
      convolutional,
      ...(packedKernels().includes("winograd") && { winograd: { ...convolutional, kernels: "winograd" } }),
      views: { ...tiny, model: "resnet18", objective: "byol", epochs: 1 },
    });
  }, 120_000);

  test.skipIf(!packedKernels().includes("amx"))("train as one by the kernels in bf16, which need AMX", async () => {
    const recipe = { ...convolutional, kernels: "amx", precision: "bf16" } as const;
    await requireSameInTwoRanks(folder("bf16"), { recipe });
  });

  test("write the rows that each owns into one checkpoint, by itself or, where it sees no folder, by rank 0", async () => {
    const cwd = folder("rows");
    const recipe = { ...targets, epochs: 1 };
    const said = await trainInRanks(cwd, 3, (rank) => ({ seen: recipe, unseen: { ...recipe, unseen: rank > 0 } }));
    expect(said).toBe("");
    const [seen, unseen] = ["seen", "unseen"].map((run) => join(cwd, run, "checkpoint", "last")) as [string, string];
    const shards = [0, 1, 2].map((rank) => `targets-${rank}-of-3.safetensors`);
    expect(readdirSync(seen).sort()).toEqual(["model.safetensors", "optimizer.safetensors", "state.json", ...shards]);
    for (const name of shards) expect(bytes(unseen, name)).toBe(bytes(seen, name));
    requireSame(join(cwd, "seen"), join(cwd, "unseen"));
  });

  test("go on where another number of them stopped: three with batches of 1, 2, 3 and 5 left over", async () => {
    const sizes = { one: 33, two: 34, three: 35, five: 37 };
    const recipes = Object.fromEntries(
      Object.entries(sizes).map(([name, limitTrain]) => [
        name,
        { ...base, objective: "sat", startEpoch: 1, limitTrain },
      ]),
    );
    const cwd = folder("left-over");
    expect(await trainInRanks(cwd, 3, () => recipes)).toBe("");
    for (const [name, recipe] of Object.entries(recipes)) {
      const [together, alone] = [join(cwd, name), join(cwd, `${name}-alone`)];
      await train({ ...recipe, accumulate: 3 }, { out: alone });
      expect(lossOf(together)).toBeCloseTo(lossOf(alone), 4);
      const { summary } = await train({ epochs: 3 }, { out: together, resume: true });
      expect(summary?.epochs).toBe(3);
    }
  });

  test("refuse together what they cannot share, and what differs between them", async () => {
    const said = await trainInRanks(folder("refused"), 2, (rank) => ({
      balanced: { ...base, objective: "sat", sampling: "balanced" },
      seeds: { ...base, objective: "ce", seed: rank },
      data: { ...base, objective: "ce", data: base.data.replace("seed=0", `seed=${rank}`) },
    }));
    expect(said).toContain("balanced: several processes do not share `sampling: balanced` with sat");
    expect(said).toMatch(
      /seeds: ranks differ in recipe: rank 0 \(.+\) has \w+, rank 1 \(.+\) has \w+; expected the same/,
    );
    expect(said).toContain("data: ranks differ in data: rank 0");
  });

  test("compute what one computes of the full batch, without an image that cannot be decoded", async () => {
    const pictures: Record<string, Uint8Array | string> = {};
    for (const [label, name] of ["ant", "bee"].entries()) {
      for (let i = 0; i < 12; i++) pictures[`data/${name}/${i}.png`] = await picture(10 * label + i, 8, 8, "png");
    }
    pictures["data/bee/3.png"] = "no picture";
    const cwd = folder("unreadable", pictures);
    const { model: _, width: __, ...rest } = base;
    const streamed = { ...rest, data: join(cwd, "data"), stream: "always", augment: "none", batchSize: 12 } as const;
    // Without batch norm, so that a sample's outputs do not depend on its share.
    const linear = (classes: number) => ({ features: 3 * 8 * 8, hidden: [], classes });
    const recipes = {
      ce: { ...streamed, objective: "ce", linear: linear(2) },
      sat: { ...streamed, objective: "sat", startEpoch: 1, linear: linear(2) },
      sop: { ...streamed, objective: "sop", linear: linear(2) },
      selective: { ...streamed, objective: "selectivenet", linear: linear(5) },
      views: { ...streamed, objective: "simclr", dimension: 8, linear: linear(8) },
    } as const;
    expect(await trainInRanks(cwd, 3, () => recipes)).toBe("");
    for (const [name, { linear, ...recipe }] of Object.entries(recipes)) {
      manualSeed(0);
      await train(recipe, { out: join(cwd, `${name}-alone`), model: createModel("mlp", linear) });
      expect(lossOf(join(cwd, name)), name).toBeCloseTo(lossOf(join(cwd, `${name}-alone`)), 5);
    }
  });
});

const data = Object.fromEntries(Object.entries(embeddings(40)).map(([name, content]) => [`emb/${name}`, content]));
const long = ["train", "emb", "--width", "4", "--epochs", "100000", "--out", "run", "--nproc", "2"];

/** The processes that another has started. */
const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);

describe.skipIf(!distributed.hasGloo() || process.platform !== "linux")("--nproc 2", () => {
  test("saves on a signal and ends with its status; one process resumes", async () => {
    const cwd = folder("signal", data);
    let sent = false;
    const child = run([main, ...long], cwd, {}, (stderr) => {
      if (sent || !stderr.includes("epoch   0")) return;
      sent = true;
      child.kill("SIGINT");
    });
    const { status, stderr } = await child;
    expect(status).toBe(130);
    expect(stderr).toMatch(
      /stopped in epoch \d+ after step \d+ and saved; to resume: .*train --resume --out run --nproc 2\n/,
    );
    const epochs = Number(/stopped in epoch (\d+)/.exec(stderr)?.[1]) + 1;
    const resume = [main, "train", "--resume", "--out", "run", "--data", "emb", "--epochs", "100000"];
    let stopped = false;
    const resumed = run(resume, cwd, {}, (text) => {
      if (stopped || !new RegExp(`epoch +${epochs}`).test(text)) return;
      stopped = true;
      resumed.kill("SIGINT");
    });
    expect((await resumed).status).toBe(130);
  });

  const killed = "ends with one line when process %i is killed, and leaves none running; another launch goes on";
  test.each([0, 1])(killed, async (rank) => {
    const cwd = folder(`killed-${rank}`, data);
    const other = ["train", "emb", "--width", "4", "--epochs", "10", "--out", "other", "--nproc", "2"];
    const beside = run([main, ...other], cwd);
    let ranks: number[] = [];
    const child = run([main, ...long], cwd, {}, (stderr) => {
      if (ranks.length > 0 || !stderr.includes("epoch   0")) return;
      ranks = childrenOf(child.pid);
      process.kill(ranks[rank] as number, "SIGKILL");
    });
    const { status, stderr } = await child;
    expect(status).toBe(1);
    const errors = stderr.split("\n").filter((line) => line.startsWith("error:"));
    const advice = "; to resume from the last checkpoint: .*train --resume --out run --nproc 2( |$)";
    const line = new RegExp(`^error: rank ${rank} \\(host \\S+\\) was killed by SIGKILL${advice}`);
    expect(errors).toEqual([expect.stringMatching(line)]);
    expect(ranks.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
    expect((await beside).status).toBe(0);
  });
});
