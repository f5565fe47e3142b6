// `selfadapt issues`: likely label errors, and the health of the data.
import type { Command } from "commander";
import { addOptions, readOptions } from "../../shared/options.js";
import { headings, issuesOptions } from "./issues-options.js";

const examples = `
Examples:
  selfadapt issues runs/photos-sat-1                                 the 10 most suspect labels, and every other issue
  selfadapt issues runs/photos-sat-1 --csv issues.csv --class cat    every sample labeled cat, the most suspect first
  selfadapt issues runs/photos-sat-1 --drop --out-manifest clean.csv
  selfadapt train clean.csv                                          train again, without the suspect samples
  selfadapt issues runs/cifar-sat-1 --relabel 0.9 --out-manifest labels.csv
  selfadapt issues runs/photos-sat-1 --data ./new-batch              labeled data that the run never saw
  selfadapt issues --pred-probs probs.npy --labels labels.npy        out-of-sample probabilities of any model
  selfadapt issues --features features.npy --labels labels.csv       nearest neighbors of any features, no training`;

export function defineIssues(command: Command): void {
  addOptions(command.argument("[run]", "run folder; not with --pred-probs or --features"), issuesOptions, headings)
    .addHelpText("after", examples)
    .action(async (run: string | undefined, flags: object) => {
      const options = readOptions(issuesOptions, flags);
      await (await import("./issues-run.js")).issues(run, options);
    });
}
