// Before the group is opened: whether all ranks are here, each of them once, and in one number.
import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";
import { reportedFailure, reportFailure } from "./failure.js";
import type { Ranks } from "./ranks.js";
import { sharedStore } from "./store.js";

const claimOf = (rank: number) => `selfadapt/rank/${rank}`;
const counted = "selfadapt/ranks";

/** How often the store is looked at. A call that waits in the store would keep this process from hearing of failures. */
const pauseMs = 50;

/**
 * Claims the rank in the store, and waits for all others.
 * @throws Error when another process has the rank, when ranks differ in the size of the world, when one of them has failed, and
 *   when not all come within the timeout.
 */
export async function meet({ rank, world }: Ranks, timeoutMs: number): Promise<void> {
  if (sharedStore.add(claimOf(rank), 1) > 1) throw new Error(`another process has rank ${rank} already`);
  requireSameWorld(rank, world);
  sharedStore.add(counted, 1);
  const deadline = performance.now() + timeoutMs;
  while (sharedStore.add(counted, 0) < world) {
    const reason = reportedFailure();
    if (reason !== null) throw new Error(reason);
    if (performance.now() > deadline) throw new Error(`${missingOf(world)} did not come within ${timeoutMs / 1000} s`);
    await setTimeout(pauseMs);
  }
}

/** The first to come says how many ranks there are. */
function requireSameWorld(rank: number, world: number): void {
  const key = "selfadapt/world";
  if (sharedStore.add(`${key}/first`, 1) === 1) sharedStore.set(key, String(world));
  const first = sharedStore.get(key);
  if (first === String(world)) return;
  const reason = `rank ${rank} (host ${hostname()}) has WORLD_SIZE ${world}, another rank ${first}; expected the same`;
  reportFailure(reason);
  throw new Error(reason);
}

function missingOf(world: number): string {
  const missing = Array.from({ length: world }, (_, rank) => rank).filter((rank) => !sharedStore.has(claimOf(rank)));
  const [first] = missing;
  return missing.length === 1 ? `rank ${first}` : `${missing.length} ranks, ${first} among them,`;
}
