// The flags of the commands that answer with a model.
import type { Command } from "commander";
import { finiteNumber } from "./numbers.js";
import { addSharedOptions, type SharedOptions } from "./shared-options.js";

export interface PredictorFlags extends SharedOptions {
  readonly threshold?: number;
  readonly checkpoint?: string;
  readonly device: string;
}

/** Adds the flags that `openPredictor` takes, and those that every command has. */
export function addPredictorOptions(command: Command): Command {
  command
    .option(
      "--threshold <x>",
      "answer from this confidence on, abstain below; what calibrate found unless given",
      finiteNumber("--threshold"),
    )
    .option("--checkpoint <last|best>", "run folders: which checkpoint; the one calibrated, or the last, unless given")
    .option("--device <name>", "run folders: auto, cpu, cuda or cuda:N", "auto")
    .option("--seed <n>", "accepted by every command; nothing here is drawn at random");
  return addSharedOptions(command);
}
