// The ranks of a command: started by it, by `launch` or by torchrun, or the process alone.
import { hostname } from "node:os";
import { InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import { distributed, libtorchVersion } from "../../torch/index.js";
import { launchRanks } from "./launch-ranks.js";

export interface RankOptions {
  readonly nproc?: number | undefined;
  readonly rankTimeout: number;
}

/**
 * Whether this process has to start others in its place.
 * @throws InputError in one of several that `launch` or torchrun has started in another number.
 */
function mustLaunch({ nproc }: RankOptions): boolean {
  const ranks = distributed.ranksFrom();
  if (ranks !== null && nproc !== undefined && nproc !== ranks.localWorld) {
    throw new InputError(
      `${option("nproc")}: received ${nproc} in one of ${ranks.localWorld} processes that launch or torchrun has started here; expected ${ranks.localWorld}, or none`,
    );
  }
  return ranks === null && nproc !== undefined && nproc > 1;
}

/** Runs this very command in several processes, and ends as they do. */
async function launchSelf({ nproc = 1 }: RankOptions): Promise<void> {
  process.exitCode = await launchRanks(process.argv.slice(2), { nproc, nnodes: 1, nodeRank: 0 });
}

/**
 * The group of this process; that of one process alone without the environment of a rank.
 * @throws Error when the others do not come.
 */
async function joinRanks({ rankTimeout }: RankOptions): Promise<distributed.ProcessGroup> {
  const ranks = distributed.ranksFrom();
  if (ranks === null || ranks.world === 1) return distributed.soloGroup;
  try {
    return await distributed.openGroup(ranks, { timeoutMs: Math.round(rankTimeout * 1000) });
  } catch (error) {
    // A store that never answers keeps its thread waiting.
    setTimeout(() => process.exit(1), 1000).unref();
    const { rank, world, host, port } = ranks;
    const place = `rank ${rank} of ${world} (host ${hostname()}), store at ${host}:${port}`;
    throw new Error(`${place}: ${(error as Error).message}${advice()}`);
  }
}

/**
 * Runs a command in all of its ranks: starts them where `nproc` says so, and ends with them. The body ends with a barrier before
 * what rank 0 does alone. Why a rank fails is left for the others to log.
 */
export async function inRanks(
  options: RankOptions,
  body: (group: distributed.ProcessGroup) => Promise<void>,
): Promise<void> {
  if (mustLaunch(options)) return launchSelf(options);
  const group = await joinRanks(options);
  try {
    await body(group);
  } catch (error) {
    const { failureOf } = await import("../../training/parallel/failure.js");
    throw await failureOf(error as Error, group);
  }
  group.close();
}

/** The stores of torch 1.13 and of 2.x do not speak the same protocol. */
function advice(): string {
  const ofTorchrun = process.env.TORCHELASTIC_RUN_ID !== undefined;
  return ofTorchrun
    ? `; where torchrun is of another torch than libtorch ${libtorchVersion()}, set TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1`
    : "";
}
