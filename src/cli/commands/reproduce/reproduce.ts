// `selfadapt reproduce`: a table of the paper, or a study file, from its runs to its results.
import type { Command } from "commander";
import { addOptions, readOptions } from "../../shared/options.js";
import { reproduceOptions } from "./reproduce-options.js";

const examples = `
Tables:
  label-noise            test accuracy under label noise, by self-adaptive training and other methods
  double-descent-width   test error by width of the network
  double-descent-epoch   test error by epoch
  selective              error at coverage, by every method and confidence score
  adversarial            natural and robust accuracy, by epoch and under AutoAttack
  linear                 accuracy of features trained without labels

Examples:
  selfadapt reproduce label-noise --only shapes
  selfadapt reproduce label-noise --only cifar/symmetric-40 --data cifar-10-batches-bin
  selfadapt reproduce label-noise --profile paper --data cifar --only cifar-10-resnet34-noise-0.4
  selfadapt reproduce double-descent-width --data cifar-10-batches-bin --only width=4,width=8 --dry-run
  selfadapt reproduce my-sweep.yaml --data ./photos --set valFraction=null --seeds 0,1`;

export function defineReproduce(command: Command): void {
  addOptions(command.argument("<table>", "one of the tables below, or a study file (.yaml)"), reproduceOptions)
    .addHelpText("after", examples)
    .action(async (table: string, flags: object) => {
      const options = readOptions(reproduceOptions, flags);
      await (await import("./reproduce-run.js")).reproduce(table, options);
    });
}
