// The options of `review`.
import { z } from "zod";
import { path } from "../../../options/index.js";
import { reviewParts } from "../../../review/actions.js";
import { exportFormats } from "../../../review/exports.js";
import { outputFile } from "../../shared/output-file.js";
import { sharedOptions, unusedSeed } from "../../shared/shared-options.js";

export const reviewOptions = z.object({
  stats: z
    .boolean()
    .default(false)
    .describe("print the figures of the review")
    .meta({ defaultText: "without another action" }),
  apply: z.boolean().default(false).describe("write the data with the verdicts applied"),
  export: z
    .enum(exportFormats)
    .optional()
    .describe("write the reviewed data for other programs to the file named after it"),
  outManifest: outputFile(".csv", ".jsonl").optional().describe("with --apply: corrected data for train"),
  outPinned: outputFile(".csv").optional().describe("with --apply: confirmed labels for train --pinned"),
  reviewer: z
    .string()
    .min(1)
    .optional()
    .describe("verdicts of this reviewer alone")
    .meta({ argument: "name", defaultText: "all" }),
  part: z.enum(reviewParts).default("train").describe("part of the data for --stats"),
  data: path().optional().describe("data of the run, if it has moved").meta({ defaultText: "as in its recipe" }),
  skipMissing: z.boolean().default(false).describe("continue without files of the run's data that are missing"),
  device: z.string().optional().describe("no effect: nothing is computed").meta({ argument: "name" }),
  seed: unusedSeed(),
  ...sharedOptions,
});

export const headings = { stats: "Action:", outManifest: "Results:", reviewer: "Selection:", device: "Machine:" };

export type ReviewOptions = z.output<typeof reviewOptions>;
