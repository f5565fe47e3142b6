// The options of `train` and `pretrain` that are not recipe keys.
import { z } from "zod";
import { path } from "../../../options/index.js";
import { rankOptions } from "../../shared/rank-options.js";

/** The options of both commands. */
export const pretrainOptions = z.object({
  out: path("folder").optional().describe("run folder to write").meta({ defaultText: "a new one under runs/" }),
  resume: z.boolean().default(false).describe("resume the run in --out by its own recipe"),
  skipMissing: z
    .boolean()
    .default(false)
    .describe("with --resume: continue without files of the data that are missing"),
  ...rankOptions,
  findLr: z
    .union([z.literal(true), z.string()])
    .optional()
    .describe(
      "raise the learning rate step by step, print where the loss falls fastest, and plot it; write nothing else",
    )
    .meta({ argument: "[plot.svg]", expected: "a file to write the plot to, or none" }),
  dryRun: z.boolean().default(false).describe("print the plan and an estimate of the time; write nothing"),
});

export const trainOptions = z.object({
  init: path("run").optional().describe("pretrained run to start from; another name of --weights"),
  ...pretrainOptions.shape,
});

export type TrainOptions = z.output<typeof trainOptions>;
