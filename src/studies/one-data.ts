// That all runs of a study were trained on the same data, wherever it lay.
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import { readRunRecipe } from "../runs/index.js";
import type { PlannedRun } from "./planned-runs.js";

/** The data of a run: where the study has it, and its fingerprint. */
export interface RunData {
  readonly data: string;
  readonly folder: string;
  readonly fingerprint: string;
}

/** The data that a run was started with. */
export function dataOfRun({ recipe, folder }: PlannedRun): RunData {
  return { data: String(recipe.data), folder, fingerprint: readRunRecipe(folder).resolved.fingerprint };
}

/** @throws InputError for the first run whose data is not what an earlier one had from the same place. */
export function requireOneData(runs: readonly RunData[]): void {
  const first = new Map<string, RunData>();
  for (const run of runs) {
    const other = first.get(run.data) ?? run;
    first.set(run.data, other);
    if (other.fingerprint === run.fingerprint) continue;
    throw new InputError(
      `${run.folder} has other data than ${other.folder}; expected one study on the same: choose another ${option("out")}`,
    );
  }
}
