// `selfadapt report`: a run's report, written anew.
import type { Command } from "commander";
import { addSharedOptions, type SharedOptions } from "../../shared/shared-options.js";

interface ReportFlags extends SharedOptions {
  readonly data?: string;
  readonly device: string;
}

const examples = `
Examples:
  selfadapt report runs/photos-sat-1                      after calibrate or attack, for the page to show what they found
  selfadapt report runs/photos-sat-1 --data ./photos-now  where the run's data has moved`;

export function defineReport(command: Command): void {
  command
    .argument("<run>", "run folder")
    .option("--data <path>", "where the run's data is now; where its recipe says unless given")
    .option("--device <name>", "auto, cpu, cuda or cuda:N", "auto")
    .option("--seed <n>", "accepted by every command; nothing here is drawn at random");
  addSharedOptions(command)
    .addHelpText("after", examples)
    .action(async (run: string, { json, threads, ...options }: ReportFlags) => {
      const [{ join }, { setThreads }, { readRunRecipe }, { writeReport }, { requireOnDisk }, { printResult }] =
        await Promise.all([
          import("node:path"),
          import("../../../torch/index.js"),
          import("../../../runs/index.js"),
          import("../../shared/write-report.js"),
          import("../../shared/on-disk.js"),
          import("../../shared/output.js"),
        ]);
      if (threads !== undefined) setThreads(threads);
      requireOnDisk(run, options.data ?? readRunRecipe(run).recipe.data);
      await writeReport(run, options);
      const report = join(run, "report.html");
      printResult(json, { report }, [report]);
    });
}
