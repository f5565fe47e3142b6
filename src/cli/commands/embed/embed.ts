// `selfadapt embed`: the features of files, for search, clustering, anything.
import type { Command } from "commander";
import { wholeNumber } from "../../shared/numbers.js";
import { addSharedOptions } from "../../shared/shared-options.js";
import type { EmbedFlags } from "./embed-run.js";

const examples = `
Writes float32 (files, size) to the .npy file, and a line {"row", "file"} for each row to the .jsonl file of the same name.

Examples:
  selfadapt embed runs/photos-sat-1 photos/ --out embeddings.npy
  selfadapt embed runs/photos-sat-1 'photos/**/*.jpg' --normalize --out embeddings.npy
  find photos -name '*.jpg' -print0 | selfadapt embed runs/photos-sat-1 - --out embeddings.npy`;

export function defineEmbed(command: Command): void {
  command
    .argument("<run>", "run folder")
    .argument("<input...>", "image files, folders, quoted patterns, .npy arrays, or - for a list of paths on stdin")
    .requiredOption("--out <file.npy>", "where the features go")
    .option("--normalize", "bring every row to length 1, so that products of rows are cosines", false)
    .option("--checkpoint <last|best|initial>", "which weights; initial are those that the run's seed drew", "last")
    .option("--batch-size <n>", "samples embedded at once", wholeNumber("--batch-size", 1, 4096), 32)
    .option("--strict", "refuse a file that cannot be decoded, where it would be named and passed over", false)
    .option("--device <name>", "auto, cpu, cuda or cuda:N", "auto")
    .option("--seed <n>", "accepted by every command; nothing here is drawn at random");
  addSharedOptions(command)
    .addHelpText("after", examples)
    .action(async (run: string, inputs: string[], flags: EmbedFlags) => {
      await (await import("./embed-run.js")).embedAndTell(run, inputs, flags);
    });
}
