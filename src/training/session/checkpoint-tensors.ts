// The state of a run in memory as tensors, to save in a checkpoint and to restore from one.
import { InputError } from "../../errors.js";
import type { Objective, OwnedState } from "../../objectives/index.js";
import type { CheckpointTensors, LoadedCheckpoint } from "../../runs/checkpoint.js";
import type { EpochHistory } from "../../runs/files/sample-history.js";
import { fromStored, type nn, noGrad, type optim, scope, tensor } from "../../torch/index.js";

/** The parts of a run that training changes. */
interface Stateful {
  readonly model: nn.Module;
  readonly average: { readonly model: nn.Module } | null;
  readonly optimizer: optim.Optimizer;
  readonly objective: Objective;
  readonly ownedState: OwnedState | null;
}

/**
 * The tensors of a checkpoint; the optimizer's and the history's are copies, for the scope around to release.
 * @param history the per-sample history of an unfinished epoch
 */
export function checkpointTensors(
  { model, average, optimizer, objective }: Omit<Stateful, "ownedState">,
  history: EpochHistory | null,
): CheckpointTensors {
  return {
    model: model.stateDict(),
    ema: average?.model.stateDict() ?? new Map(),
    optimizer: optimizer.state(),
    targets: objective.state(),
    record: new Map(history === null ? [] : [["rows", tensor(history)]]),
  };
}

/** Loads a checkpoint. @throws InputError where it does not fit. */
export function restoreCheckpoint(
  { model, average, optimizer, objective, ownedState }: Stateful,
  { tensors }: LoadedCheckpoint,
): void {
  scope(() =>
    noGrad(() => {
      try {
        model.loadStateDict(fromStored(tensors.model));
        average?.model.loadStateDict(fromStored(tensors.ema));
        optimizer.load(fromStored(tensors.optimizer));
        objective.load(fromStored(ownedState?.blocksOf(tensors.targets, objective.state()) ?? tensors.targets));
      } catch (error) {
        throw new InputError(`the checkpoint does not fit this recipe: ${(error as Error).message}`);
      }
    }),
  );
}
