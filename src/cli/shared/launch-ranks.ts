// Starts several processes of one command on this machine, passes on signals, and ends all when one fails.
import { type ChildProcess, fork } from "node:child_process";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { distributed } from "../../torch/index.js";
import { physicalCores } from "../../torch/native.js";
import { log } from "./output.js";
import type { RankMessage } from "./tell-launcher.js";

export interface Launch {
  /** Processes on this machine. */
  readonly nproc: number;
  /** Machines, and which of them this is. */
  readonly nnodes: number;
  readonly nodeRank: number;
  /** The machine with node rank 0, and the port that its launcher serves; undefined for this one and a free port. */
  readonly masterAddr?: string | undefined;
  readonly masterPort?: number | undefined;
}

interface Rank {
  readonly rank: number;
  readonly child: ChildProcess;
  /** The end of what it wrote to stderr, except for rank 0, which writes to the terminal. */
  readonly lastWords: () => string;
  /** The command that resumes its run, once rank 0 has said it. */
  readonly resumedBy: () => string | undefined;
  /** How it ends: known once it has logged why, or is gone. */
  readonly ended: Promise<End>;
  readonly gone: Promise<unknown>;
}

interface End {
  readonly rank: number;
  readonly status: number;
  readonly signal: NodeJS.Signals | null;
}

const main = fileURLToPath(new URL("../main.js", import.meta.url));
const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How long ranks may take to end by themselves once one has failed, and once the one that logs the reason has ended. */
const graceMs = { failed: 1000, logged: 100 } as const;

/**
 * Runs the words of a command in every rank; returns the exit status: that of rank 0, or of the first that failed.
 * @throws Error where libtorch has no Gloo, or the port is taken.
 */
export async function launchRanks(words: readonly string[], launch: Launch): Promise<number> {
  const { nproc, nodeRank, nnodes } = launch;
  const host = launch.masterAddr ?? "127.0.0.1";
  const port = nodeRank === 0 ? distributed.serveStore("0.0.0.0", launch.masterPort ?? 0) : (launch.masterPort ?? 0);
  const shared = {
    WORLD_SIZE: nproc * nnodes,
    LOCAL_WORLD_SIZE: nproc,
    MASTER_ADDR: host,
    MASTER_PORT: port,
    TORCHELASTIC_USE_AGENT_STORE: "True",
    OMP_NUM_THREADS: process.env.OMP_NUM_THREADS ?? Math.max(1, Math.floor(physicalCores() / nproc)),
  };
  const ranks = Array.from({ length: nproc }, (_, localRank) =>
    startRank(words, { ...shared, RANK: nodeRank * nproc + localRank, LOCAL_RANK: localRank }),
  );
  const pass = (signal: NodeJS.Signals) => ranks.forEach(({ child }) => void child.kill(signal));
  for (const signal of passedOn) process.on(signal, pass);
  try {
    return await statusOf(ranks);
  } finally {
    for (const signal of passedOn) process.off(signal, pass);
  }
}

type Environment = Readonly<Record<string, string | number>> & { readonly RANK: number };

/** In a process group of its own, so that Ctrl-C in a terminal reaches it once, from the launcher. */
function startRank(words: readonly string[], environment: Environment): Rank {
  const rank = environment.RANK;
  const env = { ...process.env };
  for (const [name, value] of Object.entries(environment)) env[name] = String(value);
  const isFirst = rank === 0;
  const stdio = ["ignore", isFirst ? "inherit" : "ignore", isFirst ? "inherit" : "pipe", "ipc"] as const;
  const child = fork(main, [...words], { env, detached: true, stdio: [...stdio] });
  let written = "";
  child.stderr?.on("data", (data) => {
    written = `${written}${data}`.slice(-4096);
  });
  let resume: string | undefined;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const ended = new Promise<End>((resolve) => {
    child.on("message", (message: RankMessage) => {
      if ("resume" in message) resume = message.resume;
      else if (isFirst) resolve({ rank, status: message.failed, signal: null });
    });
    child.once("exit", (status, signal) => resolve({ rank, status: status ?? 1, signal }));
  });
  return { rank, child, ended, gone, lastWords: () => written.trim(), resumedBy: () => resume };
}

async function statusOf(ranks: readonly Rank[]): Promise<number> {
  const isFailure = ({ status, signal }: End) => status !== 0 || signal !== null;
  const failed = ranks.map(({ ended }) => ended.then((end) => (isFailure(end) ? end : new Promise<End>(() => {}))));
  const first = await Promise.race([...failed, Promise.all(ranks.map(({ ended }) => ended)).then(() => null)]);
  if (first === null) return 0;
  const ends = await endAll(ranks, first);
  report(ranks, first, ends);
  return first.signal === null ? first.status : 1;
}

/** Leaves the reason in the store for the others, and ends those that do not end by themselves. */
async function endAll(ranks: readonly Rank[], { rank, signal }: End): Promise<End[]> {
  if (signal !== null) distributed.reportFailure(`rank ${rank} (host ${hostname()}) was killed by ${signal}`);
  const killAfter = (ms: number) => setTimeout(() => ranks.forEach(({ child }) => void child.kill("SIGKILL")), ms);
  const timers = [killAfter(graceMs.failed)];
  const logging = ranks.find((each) => each.rank === 0) ?? ranks.find((each) => each.rank === rank);
  void logging?.ended.then(() => timers.push(killAfter(graceMs.logged)));
  const ends = await Promise.all(ranks.map(({ ended }) => ended));
  await Promise.all(ranks.map(({ gone }) => gone));
  for (const timer of timers) clearTimeout(timer);
  return ends;
}

/** Logs the reason where rank 0 has not. */
function report(ranks: readonly Rank[], first: End, ends: readonly End[]): void {
  const isLogged = ends.some(({ rank, signal }) => rank === 0 && signal === null);
  if (isLogged) return;
  const words = ranks.find(({ rank }) => rank === first.rank)?.lastWords() ?? "";
  const resume = ranks.map(({ resumedBy }) => resumedBy()).find((command) => command !== undefined);
  const advice = resume === undefined ? "" : `; to resume from the last checkpoint: ${resume}`;
  const killed = `error: rank ${first.rank} (host ${hostname()}) was killed by ${first.signal}${advice}`;
  const reason = first.signal === null ? words : killed;
  if (reason !== "") log(reason);
}
