// `selfadapt review`: what the verdicts of a review come to.
import type { Command } from "commander";
import { addOptions, readOptions } from "../../shared/options.js";
import { headings, reviewOptions } from "./review-options.js";

const examples = `
Examples:
  selfadapt review runs/photos-sat-1                                            the figures of the review so far
  selfadapt review runs/photos-sat-1 --apply --out-manifest clean.csv --out-pinned pinned.csv
  selfadapt train clean.csv --pinned pinned.csv                                 train on the verdicts
  selfadapt review runs/photos-sat-1 --export label-studio tasks.json
  selfadapt review runs/photos-sat-1 --export csv labels.csv --reviewer ann

Verdicts are given in the page that selfadapt studio serves, or appended to review.jsonl in the run folder.`;

export function defineReview(command: Command): void {
  const described = command.argument("<run>", "run folder").argument("[file]", "file to write, with --export");
  addOptions(described, reviewOptions, headings)
    .addHelpText("after", examples)
    .action(async (run: string, file: string | undefined, flags: object) => {
      const options = readOptions(reviewOptions, flags);
      await (await import("./review-run.js")).review(run, file, options);
    });
}
