// What a study does with its trained networks.
import type { StudyRun } from "../reports/index.js";
import { fineTunedFrom, fineTuningLeft } from "./fine-tuning.js";
import { isTrained, type PlannedRun } from "./planned-runs.js";
import type { Profile } from "./schema.js";
import { attacksLeft, attacksOn } from "./study-attacks.js";

/** The commands that are left to do on a trained run, each as words. */
export const commandsLeft = (run: PlannedRun, { attack, fineTune }: Profile): string[][] => [
  ...attacksLeft(run, attack),
  ...fineTuningLeft(run, fineTune),
];

/** Whether a run is trained, and nothing is left to do on it. */
export const isDone = (run: PlannedRun, profile: Profile) => isTrained(run) && commandsLeft(run, profile).length === 0;

/** The figures of what was done on a trained run. */
export const figuresAfter = (folder: string, { draw, fineTune }: Profile): Pick<StudyRun, "attacks" | "fineTuned"> => ({
  ...(draw === "robust" && { attacks: attacksOn(folder) }),
  ...(fineTune && { fineTuned: fineTunedFrom(folder, fineTune) }),
});
