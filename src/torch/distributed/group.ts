// The process group: what ranks exchange. A world of one exchanges nothing, and costs nothing.
import { noGrad } from "../autograd.js";
import { native } from "../native.js";
import type { Tensor } from "../tensor.js";
import { ownAddress } from "./address.js";
import { meet } from "./meet.js";
import type { Ranks } from "./ranks.js";
import { prefixOf, requireGloo, type SharedStore, serveStore, sharedStore, soloStore } from "./store.js";

export type Reduction = "sum" | "min" | "max";

/**
 * The ranks that train together. Every rank must call the same functions in the same order with tensors of the same shapes.
 * Functions that end in `Now` wait, for the insides of `scope`, which cannot; the others are awaited.
 * Each throws, or rejects, with libtorch's message when a rank is gone or the timeout is over.
 */
export interface ProcessGroup {
  readonly rank: number;
  readonly world: number;
  readonly store: SharedStore;
  /** Every tensor becomes the reduction over the ranks, the same bits on all. */
  allReduce(tensors: readonly Tensor[], reduction?: Reduction): Promise<void>;
  allReduceNow(tensors: readonly Tensor[], reduction?: Reduction): void;
  /** Every tensor becomes that of the root. */
  broadcast(tensors: readonly Tensor[], root?: number): Promise<void>;
  broadcastNow(tensors: readonly Tensor[], root?: number): void;
  /** Output r becomes the input of rank r; all have one shape. */
  allGather(outputs: readonly Tensor[], input: Tensor): Promise<void>;
  allGatherNow(outputs: readonly Tensor[], input: Tensor): void;
  /** The first `to[0]` rows of the input go to rank 0, the next `to[1]` to rank 1, ...; `from[r]` rows come from rank r. */
  allToAll(output: Tensor, input: Tensor, from: readonly number[], to: readonly number[]): Promise<void>;
  allToAllNow(output: Tensor, input: Tensor, from: readonly number[], to: readonly number[]): void;
  /** Waits until all ranks are here. */
  barrier(): Promise<void>;
  close(): void;
}

export interface GroupOptions {
  /** How long to wait for another rank. */
  readonly timeoutMs?: number;
  /** The network interface of Gloo (default: GLOO_SOCKET_IFNAME, else the one that leads to the store's host). */
  readonly networkInterface?: string | undefined;
}

const handles = (tensors: readonly Tensor[]) => tensors.map((tensor) => tensor.handle);

/**
 * Connects to the store, claims the rank in it, and opens Gloo's group.
 * @throws Error when another process has the same rank, when ranks differ in WORLD_SIZE, when the others do not come within the
 *   timeout, or when libtorch has no Gloo.
 */
export async function openGroup(ranks: Ranks, options: GroupOptions = {}): Promise<ProcessGroup> {
  const { timeoutMs = 300_000, networkInterface = process.env.GLOO_SOCKET_IFNAME ?? "" } = options;
  const { rank, world, host, port, attempt } = ranks;
  requireGloo();
  if (rank === 0 && !ranks.launcherServes) serveStore("0.0.0.0", port, timeoutMs);
  await within(timeoutMs, native.connectStore(host, port, prefixOf(attempt), timeoutMs));
  await meet(ranks, timeoutMs);
  const address = networkInterface === "" ? await ownAddress(host, port) : "";
  await native.openGroup(rank, world, address, networkInterface, timeoutMs).catch((error: Error) => {
    throw new Error(/time(d )?out/i.test(error.message) ? `no answer within ${timeoutMs / 1000} s` : error.message);
  });
  return glooGroup(rank, world);
}

/** @throws Error where the store does not answer: libtorchs of different ages do not speak the same protocol. */
async function within(timeoutMs: number, connected: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const unanswered = `the store does not answer within ${timeoutMs / 1000} s`;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(unanswered)), timeoutMs);
  });
  const met = connected.catch((error: Error) => {
    throw new Error(/timed out/i.test(error.message) ? unanswered : error.message);
  });
  await Promise.race([met, late]).finally(() => clearTimeout(timer));
}

const nothing = () => {};
const atOnce = async () => {};

/** A world of one: nothing is exchanged. */
export const soloGroup: ProcessGroup = {
  rank: 0,
  world: 1,
  store: soloStore(),
  allReduce: atOnce,
  allReduceNow: nothing,
  broadcast: atOnce,
  broadcastNow: nothing,
  allGather: async (outputs, input) => copyTo(outputs, input),
  allGatherNow: (outputs, input) => copyTo(outputs, input),
  allToAll: async (output, input) => copyTo([output], input),
  allToAllNow: (output, input) => copyTo([output], input),
  barrier: atOnce,
  close: nothing,
};

const copyTo = ([output]: readonly Tensor[], input: Tensor) => noGrad(() => void output?.copy_(input));

const glooGroup = (rank: number, world: number): ProcessGroup => ({
  rank,
  world,
  store: sharedStore,
  allReduce: (tensors, reduction = "sum") => native.allReduce(handles(tensors), reduction),
  allReduceNow: (tensors, reduction = "sum") => native.allReduceNow(handles(tensors), reduction),
  broadcast: (tensors, root = 0) => native.broadcast(handles(tensors), root),
  broadcastNow: (tensors, root = 0) => native.broadcastNow(handles(tensors), root),
  allGather: (outputs, input) => native.allGather(handles(outputs), input.handle),
  allGatherNow: (outputs, input) => native.allGatherNow(handles(outputs), input.handle),
  allToAll: (output, input, from, to) => native.allToAll(output.handle, input.handle, from, to),
  allToAllNow: (output, input, from, to) => native.allToAllNow(output.handle, input.handle, from, to),
  barrier: () => native.barrier(),
  close: () => native.closeGroup(),
});
