// Processes of this package, alone and as ranks.
import { spawn } from "node:child_process";
import { distributed } from "../../src/torch/index.js";

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts node with these words, on one thread. @param watch called with all of stderr so far */
export function run(
  words: readonly string[],
  cwd: string,
  more: Readonly<Record<string, unknown>> = {},
  watch = (_: string) => {},
) {
  const variables = Object.fromEntries(Object.entries(more).map(([name, value]) => [name, String(value)]));
  const env = { ...process.env, OMP_NUM_THREADS: "1", npm_command: undefined, ...variables };
  const child = spawn(process.execPath, [...words], { cwd, env });
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
