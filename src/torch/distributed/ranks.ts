// Which of several processes this one is: the environment that torchrun and `selfadapt launch` set.
import { InputError } from "../../errors.js";

/** The place of a process among all that train together. */
export interface Ranks {
  /** From 0 to world - 1. */
  readonly rank: number;
  /** How many processes there are. */
  readonly world: number;
  /** Its number among those of its machine, which chooses its GPU. */
  readonly localRank: number;
  readonly localWorld: number;
  /** Where the store of rank 0, or of the launcher, is served. */
  readonly host: string;
  readonly port: number;
  /** The launcher serves the store, and all ranks connect to it. */
  readonly launcherServes: boolean;
  /** How often the launcher has restarted all ranks: keys of an earlier attempt must not be read. */
  readonly attempt: number;
}

/**
 * The ranks of an environment; null where it sets neither RANK nor WORLD_SIZE: a process by itself.
 * @throws InputError where one of the variables is missing or impossible.
 */
export function ranksFrom(env: NodeJS.ProcessEnv = process.env): Ranks | null {
  if (env.RANK === undefined && env.WORLD_SIZE === undefined) return null;
  const world = whole(env, "WORLD_SIZE", 1);
  const rank = whole(env, "RANK", 0, world - 1);
  return {
    rank,
    world,
    localRank: env.LOCAL_RANK === undefined ? rank : whole(env, "LOCAL_RANK", 0, world - 1),
    localWorld: env.LOCAL_WORLD_SIZE === undefined ? world : whole(env, "LOCAL_WORLD_SIZE", 1, world),
    host: text(env, "MASTER_ADDR"),
    port: whole(env, "MASTER_PORT", 1, 65_535),
    launcherServes: env.TORCHELASTIC_USE_AGENT_STORE === "True",
    attempt: env.TORCHELASTIC_RESTART_COUNT === undefined ? 0 : whole(env, "TORCHELASTIC_RESTART_COUNT", 0),
  };
}

function text(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value)
    throw new InputError(`${name} is not set, but RANK or WORLD_SIZE is; torchrun and "selfadapt launch" set all`);
  return value;
}

function whole(env: NodeJS.ProcessEnv, name: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const given = text(env, name);
  const value = Number(given);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const upTo = most === Number.MAX_SAFE_INTEGER ? "" : ` to ${most}`;
  throw new InputError(`${name} is "${given}"; expected a whole number from ${least}${upTo}`);
}
