// The attack that a study makes on each of its trained networks: in the last epoch, and in the one of the highest robust accuracy.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readAttacks } from "../evaluation/index.js";
import { mostRobustEpoch, type StudyAttack } from "../reports/index.js";
import { keptEpochs } from "../runs/checkpoint.js";
import { readMetrics } from "../runs/index.js";
import type { PlannedRun } from "./planned-runs.js";
import type { Profile } from "./schema.js";

type AttackPlan = NonNullable<Profile["attack"]>;

/** The finished attacks in a run folder. */
export const attacksOn = (folder: string): StudyAttack[] =>
  readAttacks(folder).results.map(({ attack, epoch, samples, naturalAccuracy, robustAccuracy }) => {
    return { attack, epoch, samples, naturalAccuracy, robustAccuracy };
  });

/** The commands that are left to do on a trained run, each as words: one for each epoch that is not attacked yet. */
export function attacksLeft({ folder }: PlannedRun, plan: AttackPlan | undefined): string[][] {
  if (plan === undefined) return [];
  const metrics = readMetrics(folder);
  const last = metrics.at(-1)?.epoch;
  const kept = keptEpochs(folder);
  const epochs = [...new Set([last, mostRobustEpoch(metrics)])]
    .filter((epoch) => epoch != null)
    .filter((epoch) => epoch === last || kept.includes(epoch));
  const { results } = readAttacks(folder);
  const isLeft = (epoch: number) =>
    !results.some((one) => one.attack === plan.name && one.epoch === epoch && one.limit === plan.limit);
  return epochs.filter(isLeft).map((epoch) => words(folder, plan, epoch, last === epoch));
}

function words(folder: string, { name, limit, data }: AttackPlan, epoch: number, isLast: boolean): string[] {
  const out = join(folder, "attacks", `${name}-epoch-${epoch}`);
  const network = ["--checkpoint", isLast ? "last" : String(epoch)];
  const images = [...(data === undefined ? [] : ["--data", data]), "--limit", String(limit)];
  const resumed = existsSync(join(out, "state", "state.json")) ? ["--resume"] : [];
  return ["attack", folder, "--attack", name, ...network, ...images, "--out", out, ...resumed];
}
