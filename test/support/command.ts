// The built command in a process of its own, on one thread.
import { type SpawnSyncOptions, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const child = fileURLToPath(new URL("commands-child.mjs", import.meta.url));

/** An outcome, and the files below the working folder that came or went. */
export interface Traced extends Outcome {
  readonly changed: readonly string[];
}

function runNode(words: readonly string[], { env, ...options }: SpawnSyncOptions): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    ...options,
    env: { ...process.env, OMP_NUM_THREADS: "1", ...env },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** What `selfadapt ...words` says, called in `cwd`. */
export function selfadapt(words: readonly string[], options: SpawnSyncOptions = {}): Outcome {
  return runNode([main, ...words], options);
}

/** Many commands one after the other in one process, which loads the engine once. */
export function selfadaptEach(commands: readonly (readonly string[])[], options: SpawnSyncOptions): Traced[] {
  const { stdout, stderr } = runNode([child, JSON.stringify(commands)], options);
  if (stderr !== "") throw new Error(stderr);
  return JSON.parse(stdout) as Traced[];
}
