// Starts the process that collects a run's evidence, and follows it.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { collector } from "../control/built.js";
import type { OnProgress } from "./collect.js";

/** Collects the evidence of a run. Rejects with the one line that says why it cannot be. */
export type Collect = (run: string, onProgress: OnProgress) => Promise<void>;

type Line = { readonly progress: number; readonly doing: string } | { readonly error: string };

/** In a process of its own, so that the server answers meanwhile, and outlives libtorch's errors. It ends with the server. */
export function collectInProcess(
  built: string,
  options: {
    readonly threads?: number | undefined;
    readonly device?: string | undefined;
  },
): Collect {
  return (run, onProgress) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [collector(built), run, JSON.stringify(options)], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      let error = "the process that evaluates the run ended";
      createInterface(child.stdout).on("line", (text) => {
        const line = JSON.parse(text) as Line;
        if ("error" in line) error = line.error;
        else onProgress(line.progress, line.doing);
      });
      const stop = () => child.kill();
      process.once("exit", stop);
      child.once("error", reject);
      child.once("close", (status) => {
        process.off("exit", stop);
        if (status === 0) resolve();
        else reject(new Error(error));
      });
    });
}
