// The options of `reproduce`.
import { z } from "zod";
import { count, device, path } from "../../../options/index.js";
import { settingsOption } from "../../shared/recipe-options.js";
import { sharedOptions } from "../../shared/shared-options.js";

export const reproduceOptions = z.object({
  profile: z
    .string()
    .optional()
    .describe("paper: the paper's recipes; cpu: scaled for a few cores; shapes: built-in data, for most tables")
    .meta({ argument: "paper|cpu|shapes", defaultText: "cpu" }),
  data: path("dir").optional().describe("the data, or a folder with the data of several rows"),
  out: path("folder")
    .optional()
    .describe("folder for runs and results")
    .meta({ defaultText: "runs/<table>-<profile>" }),
  seeds: z
    .array(count(0))
    .refine((seeds) => new Set(seeds).size === seeds.length)
    .optional()
    .describe("seeds of every row")
    .meta({ defaultText: "the study's", expected: "distinct whole numbers from 0, such as 0,1,2" }),
  only: z
    .array(z.string())
    .optional()
    .describe("rows to run, by name, series or axis=value; PART/METHOD")
    .meta({ defaultText: "all" }),
  jobs: count().optional().describe("runs at a time").meta({ defaultText: "one per CPU core; 1 on CUDA" }),
  set: settingsOption().describe("set a recipe key in every recipe, in YAML; null to unset it; repeatable"),
  device: device().optional().meta({ defaultText: "as in the recipes" }),
  dryRun: z.boolean().default(false).describe("print the plan and an estimate of the time; write nothing"),
  ...sharedOptions,
  threads: sharedOptions.threads.describe("CPU threads of each run").meta({ defaultText: "1; all cores on CUDA" }),
});

export type ReproduceOptions = z.output<typeof reproduceOptions>;
