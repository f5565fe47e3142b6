// @ts-check
// What can go wrong between ranks, one function each: it makes the fault, and says how the ranks ended.

import { createServer } from "node:net";
import { join } from "node:path";
import { childrenOf, errorLines, leftOf, start } from "./commands.mjs";
import { makeHosts, withoutHosts } from "./hosts.mjs";

/**
 * How the ranks ended after a fault.
 * @typedef {object} Outcome
 * @property {number} seconds From the fault to the end of the last process.
 * @property {number} allowed The most that it may take: the timeout and two seconds.
 * @property {readonly string[]} lines The error lines.
 * @property {RegExp} expected What the one line says.
 * @property {readonly number[]} left Processes that are still there.
 * @property {string | null} run The run to resume; null where none had begun.
 */

/** Seconds that ranks wait for each other. */
const TIMEOUT = 5;
/** Seconds that a step and saving may take. */
const SAVING = 5;

const recipe = ["--model", "mlp", "--width", "8", "--augment", "none", "--epochs", "30", "--precision", "fp32"];
export const DATA = "shapes:train=64,test=16,size=16,seed=0";

/** @param {string} out */
export const trainWords = (out) => ["train", DATA, ...recipe, "--out", out, "--rank-timeout", String(TIMEOUT)];

const secondsSince = (/** @type {number} */ began) => (performance.now() - began) / 1000;

/**
 * Two ranks under one launcher, and a fault in the sixth epoch.
 * @param {string} folder
 * @param {(processes: { launcher: number, ranks: readonly number[] }) => void} make
 * @param {RegExp} expected @param {number} allowed
 * @returns {Promise<Outcome>}
 */
async function launched(folder, make, expected, allowed) {
  const command = start([...trainWords("run"), "--nproc", "2"], folder);
  await command.seen(/epoch +5\D/);
  const ranks = childrenOf(command.pid);
  const began = performance.now();
  make({ launcher: command.pid, ranks });
  await command.ended;
  const left = await leftOf(ranks);
  const lines = errorLines(command.text());
  return { seconds: secondsSince(began), allowed, lines, expected, left, run: join(folder, "run") };
}

/**
 * Ranks that are started by hand.
 * @param {string} folder
 * @param {readonly Record<string, string>[]} environments @param {RegExp} expected @param {number} timeout
 * @returns {Promise<Outcome>}
 */
async function byHand(folder, environments, expected, timeout) {
  const port = await freePort();
  const shared = { MASTER_ADDR: "127.0.0.1", MASTER_PORT: String(port) };
  const words = (/** @type {number} */ i) => [
    "train",
    DATA,
    ...recipe,
    "--out",
    `run-${i}`,
    "--rank-timeout",
    String(timeout),
  ];
  const began = performance.now();
  const commands = environments.map((variables, i) => start(words(i), folder, { ...shared, ...variables }));
  await Promise.all(commands.map(({ ended }) => ended));
  const lines = commands.flatMap((command) => errorLines(command.text()));
  const left = await leftOf(commands.map(({ pid }) => pid));
  // Loading the engine is not part of the wait.
  return { seconds: secondsSince(began), allowed: timeout + 5, lines, expected, left, run: null };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** @param {string} folder @returns {Promise<Outcome>} */
async function takenPort(folder) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const began = performance.now();
  const command = start(["launch", "--nproc", "2", "--master-port", String(port), "--", ...trainWords("run")], folder);
  await command.ended;
  server.close();
  const lines = errorLines(command.text());
  return { seconds: secondsSince(began), allowed: 5, lines, expected: /port \d+ is in use/, left: [], run: null };
}

/**
 * Two machines, one rank each; their names resolve to 127.0.0.1.
 * @param {string} folder @param {boolean} isPulled
 * @returns {Promise<Outcome>}
 */
async function twoHosts(folder, isPulled) {
  const { names, address, pull } = makeHosts();
  try {
    const machine = (/** @type {number} */ i) => [
      "launch",
      "--nnodes",
      "2",
      "--node-rank",
      String(i),
      "--master-addr",
      address,
    ];
    const commands = names.map((name, i) => start([...machine(i), "--", ...trainWords("run")], folder, {}, name));
    await commands[0]?.seen(/epoch +5\D/);
    const ranks = commands.flatMap(({ pid }) => [pid, ...childrenOf(pid)]);
    const began = performance.now();
    if (isPulled) pull();
    await Promise.all(commands.map(({ ended }) => ended));
    const lines = commands.flatMap((command) => errorLines(command.text()));
    const common = { seconds: secondsSince(began), lines, left: await leftOf(ranks), run: join(folder, "run") };
    return isPulled
      ? { ...common, allowed: TIMEOUT + 2, expected: /rank [01] .* lost another rank|rank [01] .*within/ }
      : { ...common, allowed: 60, expected: /^$/ };
  } finally {
    withoutHosts();
  }
}

const kill = (/** @type {number | undefined} */ pid, /** @type {NodeJS.Signals} */ signal) =>
  process.kill(pid ?? 0, signal);

/** @type {Readonly<Record<string, (folder: string) => Promise<Outcome>>>} */
export const faults = {
  "kill -9 of rank 1": (folder) =>
    launched(folder, ({ ranks }) => kill(ranks[1], "SIGKILL"), /rank 1 .* was ended by SIGKILL/, 2),
  "kill -9 of rank 0": (folder) =>
    launched(folder, ({ ranks }) => kill(ranks[0], "SIGKILL"), /rank 0 .* was ended by SIGKILL/, 2),
  "TERM of rank 1": (folder) => launched(folder, ({ ranks }) => kill(ranks[1], "SIGTERM"), /^$/, SAVING),
  "Ctrl-C at the launcher": (folder) => launched(folder, ({ launcher }) => kill(launcher, "SIGINT"), /^$/, SAVING),
  "kill -9 of the launcher": (folder) => launched(folder, ({ launcher }) => kill(launcher, "SIGKILL"), /^$/, SAVING),
  "rank 1 stopped": (folder) =>
    launched(
      folder,
      ({ ranks }) => kill(ranks[1], "SIGSTOP"),
      /rank 0 .* lost another rank: .*within 5 s/,
      TIMEOUT + 2,
    ),
  "cable pulled": (folder) => twoHosts(folder, true),
  "rank 0 alone": (folder) => byHand(folder, [{ RANK: "0", WORLD_SIZE: "2" }], /rank 1 did not come within 3 s/, 3),
  "rank 1 alone": (folder) =>
    byHand(folder, [{ RANK: "1", WORLD_SIZE: "2" }], /the store does not answer within 3 s/, 3),
  "port taken": takenPort,
  "rank 0 twice": (folder) =>
    byHand(
      folder,
      [0, 0, 1].map((rank) => ({ RANK: String(rank), WORLD_SIZE: "2" })),
      /port \d+ is in use|has rank 0 already/,
      30,
    ),
  "WORLD_SIZE differs": (folder) =>
    byHand(
      folder,
      ["2", "3"].map((WORLD_SIZE, rank) => ({ RANK: String(rank), WORLD_SIZE })),
      /WORLD_SIZE 3, .* 2|WORLD_SIZE 2, .* 3/,
      5,
    ),
  "two hosts named 127.0.0.1": (folder) => twoHosts(folder, false),
};
