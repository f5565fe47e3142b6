// `selfadapt serve` in a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach } from "vitest";
import { main } from "./command.js";

export interface Serving {
  readonly url: string;
  readonly process: ChildProcess;
  /** Sends a signal and gives the exit status. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
  /** What it said on stderr. */
  said(): string;
}

const started: ChildProcess[] = [];

/** Starts a server and waits until it listens; those that a test leaves are ended after it. */
export async function startServing(words: readonly string[], nodeWords: readonly string[] = []): Promise<Serving> {
  const child = spawn(process.execPath, [...nodeWords, main, "serve", "--json", "--threads", "1", ...words]);
  started.push(child);
  let [out, said] = ["", ""];
  child.stderr.on("data", (text) => {
    said += text;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (text) => {
      out += text;
      if (out.endsWith("\n")) resolve((JSON.parse(out) as { url: string }).url);
    });
    child.on("exit", (status) => reject(new Error(`the server ended with status ${status}: ${said}`)));
  });
  const stop = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const [status] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];
    return status as number | null;
  };
  return { url, process: child, stop, said: () => said };
}

afterEach(() => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
});
