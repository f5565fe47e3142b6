// `selfadapt probe`: classifiers on the frozen features of a run.
import type { Command } from "commander";
import { addOptions, readOptions } from "../../shared/options.js";
import { probeOptions } from "./probe-options.js";

const notes = `
Methods:
  lbfgs   logistic regression on fixed features
  sgd     a linear layer trained on random crops and flips, new in every epoch (an epoch is a pass through the network)
  knn     nearest neighbors by cosine, votes weighted by exp(cosine / temperature)
  all     all of them

Examples:
  selfadapt probe runs/photos-sat-1 --data ./photos
  selfadapt probe runs/photos-sat-1 --data ./photos --checkpoint initial     random features, for comparison
  selfadapt probe runs/photos-sat-1 --data ./photos --label-fraction 0.01 --json`;

export function defineProbe(command: Command): void {
  addOptions(command.argument("<run>", "run folder"), probeOptions)
    .addHelpText("after", notes)
    .action(async (run: string, flags: object) => {
      const options = readOptions(probeOptions, flags);
      await (await import("./probe-run.js")).probe(run, options);
    });
}
