// Processes of this package, alone and as ranks.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { ModelOptions } from "../../src/models/index.js";
import type { RecipeInput } from "../../src/runs/index.js";
import { distributed } from "../../src/torch/index.js";

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Variables = Readonly<Record<string, unknown>>;

/** Starts node with these words, on one thread. @param watch called with all of stderr so far */
export const run = (words: readonly string[], cwd: string, more: Variables = {}, watch = (_: string) => {}) =>
  runProgram(process.execPath, words, cwd, more, watch);

export function runProgram(
  program: string,
  words: readonly string[],
  cwd: string,
  more: Variables = {},
  watch = (_: string) => {},
) {
  const variables = Object.fromEntries(Object.entries(more).map(([name, value]) => [name, String(value)]));
  const env = { ...process.env, OMP_NUM_THREADS: "1", npm_command: undefined, ...variables };
  const child = spawn(program, [...words], { cwd, env });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => {
    said.stdout += text;
  });
  child.stderr.on("data", (text) => {
    said.stderr += text;
    watch(said.stderr);
  });
  const ended = new Promise<Ended>((resolve) => child.on("close", (status) => resolve({ status, ...said })));
  return Object.assign(ended, { pid: child.pid as number, kill: child.kill.bind(child) });
}

/** Runs the words in `world` ranks, which meet at a store of this process. */
export function runInRanks(cwd: string, world: number, words: (rank: number) => readonly string[]): Promise<Ended[]> {
  const port = distributed.serveStore("127.0.0.1");
  const shared = {
    WORLD_SIZE: world,
    MASTER_ADDR: "127.0.0.1",
    MASTER_PORT: port,
    TORCHELASTIC_USE_AGENT_STORE: "True",
  };
  return Promise.all(Array.from({ length: world }, (_, RANK) => run(words(RANK), cwd, { ...shared, RANK })));
}

const training = fileURLToPath(new URL("../ranks/train.mjs", import.meta.url));

interface RankOptions {
  /** Of a perceptron in the place of the recipe's model. */
  readonly linear?: ModelOptions;
  /** Resumes the run. */
  readonly resume?: boolean;
  /** This rank does not know the folder. */
  readonly unseen?: boolean;
}

/** Recipes by the names of their run folders. */
export type Recipes = Readonly<Record<string, Partial<RecipeInput> & RankOptions>>;

/** Trains by the recipes in `world` ranks; returns the errors, which must be the same on all. */
export async function trainInRanks(cwd: string, world: number, recipesOf: (rank: number) => Recipes): Promise<string> {
  const ends = await runInRanks(cwd, world, (rank) => [training, JSON.stringify(recipesOf(rank))]);
  expect(ends.map(({ status, stderr }) => [status, stderr])).toEqual(ends.map(() => [0, ""]));
  expect(new Set(ends.map(({ stdout }) => stdout)).size).toBe(1);
  return ends[0]?.stdout ?? "";
}
