// `selfadapt issues`: which labels are probably wrong, and how the data stands.
import type { Command } from "commander";
import { addSharedOptions } from "../../shared/shared-options.js";
import type { IssuesFlags } from "./issues-options.js";

const examples = `
Examples:
  selfadapt issues runs/photos-sat-1                                 the 20 most suspect labels, and the data's health
  selfadapt issues runs/photos-sat-1 --csv issues.csv --class cat    every sample labelled cat, the most suspect first
  selfadapt issues runs/photos-sat-1 --drop --out-manifest clean.csv
  selfadapt train clean.csv                                          train again, without the suspect samples
  selfadapt issues runs/cifar-sat-1 --relabel 0.9 --out-manifest labels.csv
  selfadapt issues --pred-probs probs.npy --labels labels.npy        no run: anybody's out-of-sample probabilities`;

export function defineIssues(command: Command): void {
  command
    .argument("[run]", "run folder; left out with --pred-probs")
    .option("--data <path>", "where the run's data is now; with --pred-probs, the data that they are of")
    .option("--format <name>", "with --pred-probs: how the data lies on disk; recognised unless given")
    .option("--labels <file>", "with --pred-probs: the labels given (.npy or .csv)")
    .option("--pred-probs <file>", "rank by these probabilities of the classes, (samples, classes) in a .npy file")
    .optionsGroup("Which:")
    .option("--top <n>", "only the n most suspect; all are written, and 20 printed, unless given")
    .option("--class <name>", "only samples given this label")
    .optionsGroup("Results:")
    .option("--csv <file>", "write the ranking as CSV")
    .option("--jsonl <file>", "write the ranking as a JSON object a line")
    .option("--health <file>", "write the estimates for each class, the noise matrix and the near-duplicates (.json)")
    .option(
      "--out-manifest <file>",
      "write the training data as train reads it, corrected where --top and --class allow (.csv or .jsonl)",
    )
    .option(
      "--drop [probability]",
      "leave out samples of at least this P(wrong), of each class no more than are estimated to be wrong (default: 0.5)",
    )
    .option("--relabel [probability]", "give such samples the suggested label instead")
    .optionsGroup("Machine:")
    .option("--device <name>", "auto, cpu, cuda or cuda:N", "auto")
    .option("--seed <n>", "accepted by every command; nothing here is drawn at random");
  addSharedOptions(command)
    .addHelpText("after", examples)
    .action(async (run: string | undefined, flags: IssuesFlags) => {
      const { readUsage } = await import("./issues-options.js");
      const usage = readUsage(run, flags);
      await (await import("./issues-run.js")).findAndTell(usage);
    });
}
