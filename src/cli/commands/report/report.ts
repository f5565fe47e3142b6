// `selfadapt report`: a run's report, written again from its folder.
import type { Command } from "commander";
import { z } from "zod";
import { path } from "../../../options/index.js";
import { addOptions, readOptions } from "../../shared/options.js";
import { deviceOption, sharedOptions, unusedSeed } from "../../shared/shared-options.js";

const schema = z.object({
  data: path().optional().describe("data of the run, if it has moved").meta({ defaultText: "as in its recipe" }),
  device: deviceOption(),
  seed: unusedSeed(),
  ...sharedOptions,
});

const examples = `
Examples:
  selfadapt report runs/photos-sat-1                      after calibrate or attack, to show their results
  selfadapt report runs/photos-sat-1 --data ./photos-now  for data that has moved`;

export function defineReport(command: Command): void {
  addOptions(command.argument("<run>", "run folder"), schema)
    .addHelpText("after", examples)
    .action(async (run: string, flags: object) => {
      const { threads, json, data, device } = readOptions(schema, flags);
      const [{ join }, { setThreads }, { readRunRecipe }, { writeReport }, { requireOnDisk }, { printResult }] =
        await Promise.all([
          import("node:path"),
          import("../../../torch/index.js"),
          import("../../../runs/index.js"),
          import("../../shared/write-report.js"),
          import("../../shared/on-disk.js"),
          import("../../shared/output.js"),
        ]);
      setThreads(threads);
      requireOnDisk(run, data ?? readRunRecipe(run).recipe.data);
      await writeReport(run, { data, device });
      const report = join(run, "report.html");
      printResult(json, { report }, [report]);
    });
}
