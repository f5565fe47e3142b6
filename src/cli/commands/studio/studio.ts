// `selfadapt studio`: the page to watch runs and to review their data.
import type { Command } from "commander";
import { addOptions, readOptions } from "../../shared/options.js";
import { studioOptions } from "./studio-options.js";

const examples = `
Examples:
  selfadapt studio                         all runs below ./runs
  selfadapt studio runs/photos-sat-1       opens with this run
  selfadapt studio --no-open --port 8000   on a machine without a browser; reach it by ssh -L 8000:localhost:8000`;

export function defineStudio(command: Command): void {
  addOptions(command.argument("[runs]", "folder of runs, or a run (default: runs)"), studioOptions)
    .addHelpText("after", examples)
    .action(async (runs: string | undefined, { open, ...flags }: { readonly open?: boolean }) => {
      // Commander takes --no-open as the opposite of a flag --open.
      const options = readOptions(studioOptions, { ...flags, noOpen: open === false });
      await (await import("./studio-run.js")).studio(runs, options);
    });
}
