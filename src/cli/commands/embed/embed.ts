// `selfadapt embed`: embeddings of files, for search and clustering.
import type { Command } from "commander";
import { addOptions, readOptions } from "../../shared/options.js";
import { embedOptions } from "./embed-options.js";

const examples = `
Writes float32 (files, size) to the .npy file, and a line {"row", "file"} for each row to the .jsonl file of the same name.

Examples:
  selfadapt embed runs/photos-sat-1 photos/ --out embeddings.npy
  selfadapt embed runs/photos-sat-1 'photos/**/*.jpg' --normalize --out embeddings.npy
  find photos -name '*.jpg' -print0 | selfadapt embed runs/photos-sat-1 - --out embeddings.npy`;

export function defineEmbed(command: Command): void {
  command
    .argument("<run>", "run folder")
    .argument("<input...>", "image files, folders, quoted patterns, .npy arrays, or - for a list of paths on stdin");
  addOptions(command, embedOptions)
    .addHelpText("after", examples)
    .action(async (run: string, inputs: string[], flags: object) => {
      const options = readOptions(embedOptions, flags);
      await (await import("./embed-run.js")).embed(run, inputs, options);
    });
}
