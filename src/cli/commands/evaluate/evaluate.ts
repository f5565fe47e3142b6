// `selfadapt evaluate`: a run's model on data.
import type { Command } from "commander";
import { z } from "zod";
import { evaluateOptions } from "../../../evaluation/evaluate-options.js";
import { dataOptions } from "../../shared/data-options.js";
import { addOptions, readOptions } from "../../shared/options.js";
import { rankOptions } from "../../shared/rank-options.js";
import { computeOptions, sharedOptions } from "../../shared/shared-options.js";

const schema = z.object({
  ...dataOptions,
  data: dataOptions.data.meta({ defaultText: "the run's" }),
  ...evaluateOptions.shape,
  ...computeOptions,
  precision: computeOptions.precision.meta({ defaultText: "as the run was trained; fp32 when it is calibrated" }),
  ...rankOptions,
  ...sharedOptions,
});

const notes = `
Examples:
  selfadapt evaluate runs/photos-sat-1 --data ./new-photos
  selfadapt evaluate runs/photos-sat-1 --checkpoint best --json
  selfadapt evaluate runs/photos-sat-1 --nproc 4                          four processes share the samples
  selfadapt evaluate runs/photos-sat-1 --data ./new-photos --score all    compare all confidence scores

A calibrated run is evaluated at its temperature; coverage and error at its threshold are printed too.`;

export function defineEvaluate(command: Command): void {
  addOptions(command.argument("<run>", "run folder"), schema)
    .addHelpText("after", notes)
    .action(async (run: string, flags: object) => {
      const { json, threads, ...options } = readOptions(schema, flags);
      const [{ evaluateRun }, { setThreads }, { printResult, log }, { evaluationLines }, ranks] = await Promise.all([
        import("../../../evaluation/index.js"),
        import("../../../torch/index.js"),
        import("../../shared/output.js"),
        import("./evaluate-text.js"),
        import("../../shared/open-ranks.js"),
      ]);
      await ranks.inRanks(options, async (group) => {
        setThreads(threads);
        const result = await evaluateRun(run, { ...options, group });
        await group.barrier();
        if (group.rank > 0) return;
        for (const note of result.notes) log(note);
        printResult(json, result, evaluationLines(result));
      });
    });
}
