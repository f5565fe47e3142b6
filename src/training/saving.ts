// Saves a run while it trains: checkpoints, the weights of epochs that are kept, and its results.
import { writeFilesAtomic } from "../atomic-files.js";
import { keepWeights, keptEpochs, removeWeights, stageCheckpoint } from "../runs/checkpoint.js";
import type { RunSummary } from "../runs/files/run-summary.js";
import type { EpochHistory } from "../runs/files/sample-history.js";
import type { Progress } from "../runs/progress.js";
import type { ResolvedRecipe } from "../runs/recipe/resolve.js";
import { targetsFile, writeSummary } from "../runs/run-folder.js";
import { distributed, scope } from "../torch/index.js";
import { addShards, shardOf, splitState, writeTargets } from "./parallel/sharded-checkpoint.js";
import { checkpointTensors } from "./session/checkpoint-tensors.js";
import type { Session } from "./session/session.js";

/** Where a run is saved. */
export interface SavedRun {
  /** The folder, as this rank knows it. */
  readonly folder: string | undefined;
  /** Whether this process writes it. */
  readonly thisRankWrites: boolean;
  /** Whether it is written, by rank 0. */
  readonly isSaved: boolean;
}

/** All ranks call it together. */
export async function savedRun(group: distributed.ProcessGroup, folder: string | undefined): Promise<SavedRun> {
  const thisRankWrites = group.rank === 0 && folder !== undefined;
  const [first] = await distributed.gatherTexts(group, String(thisRankWrites));
  return { folder, thisRankWrites, isSaved: first === "true" };
}

/**
 * Saves the checkpoints of a point of training; where ranks own rows of samples, all call it together.
 * @param best whether the epoch is the best so far
 * @param history that of an unfinished epoch
 * @throws InputError when they cannot be written.
 */
export async function saveProgress(
  run: SavedRun,
  { recipe, session }: { readonly recipe: ResolvedRecipe; readonly session: Session },
  progress: Progress,
  { best, history }: { readonly best: boolean; readonly history: EpochHistory | null },
): Promise<void> {
  const { group, objective, ownedState } = session;
  const folder = writtenFolder(run);
  if (!run.isSaved || (folder === null && !ownedState?.isUsed)) return;
  const { rows, common } = splitState(objective.state(), ownedState);
  const shard = ownedState?.isUsed ? shardOf(rows, ownedState.samples) : null;
  for (const name of best ? (["best", "last"] as const) : (["last"] as const)) {
    if (folder !== null && name === "last" && progress.step === 0) keepEpoch(folder, recipe, session, progress);
    using staged = folder === null ? null : stageCheckpoint(folder, name);
    if (staged !== null) scope(() => staged.writeTensors({ ...checkpointTensors(session, history), targets: common }));
    if (shard !== null) await addShards(group, { run: run.folder, name, shard }, staged);
    staged?.commit(progress);
  }
}

/** The folder, if this process writes it. */
const writtenFolder = ({ folder, thisRankWrites }: SavedRun) =>
  thisRankWrites && folder !== undefined ? folder : null;

/** Keeps the weights at this point, the end of an epoch, if the recipe says so, and removes those that leave the last ones. */
function keepEpoch(run: string, recipe: ResolvedRecipe, session: Session, progress: Progress): void {
  const ended = progress.epoch - 1;
  const { keepFrom = Number.POSITIVE_INFINITY, keepEvery, keepLast = 0 } = recipe;
  const stays = (epoch: number) =>
    epoch >= keepFrom || (keepEvery !== undefined && (epoch + 1) % keepEvery === 0) || epoch > ended - keepLast;
  if (stays(ended)) scope(() => keepWeights(run, ended, checkpointTensors(session, null), progress));
  if (keepLast === 0) return;
  for (const epoch of keptEpochs(run)) if (!stays(epoch)) removeWeights(run, epoch);
}

/** Writes the final figures, and the targets of all samples, whose rows ranks give rank 0. */
export async function saveResults(run: SavedRun, { group, objective }: Session, summary: RunSummary): Promise<void> {
  if (!run.isSaved) return;
  const { targets, targetRows } = objective;
  const folder = writtenFolder(run);
  const write = async (path: string | null) => {
    if (targetRows !== undefined) return writeTargets(group, targetRows, path);
    // Targets of a custom objective: every rank has all.
    if (targets !== undefined)
      return writeTargets(distributed.soloGroup, { kept: targets, samples: targets.shape[0] as number }, path);
  };
  if (targets !== undefined) await (folder === null ? write(null) : writeFilesAtomic([targetsFile(folder)], write));
  if (folder !== null) writeSummary(folder, summary);
}
