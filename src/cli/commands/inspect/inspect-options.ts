// The options of `inspect`.
import { z } from "zod";
import { layoutOptions, path } from "../../../options/index.js";
import { sharedOptions, unusedSeed } from "../../shared/shared-options.js";

export const inspectOptions = z.object({
  format: z
    .string()
    .optional()
    .describe("layout of the data on disk")
    .meta({ argument: "name", defaultText: "detected" }),
  labels: path("file").optional().describe("labels of arrays that have none"),
  ...layoutOptions,
  html: path("file").optional().describe("contact sheet to write: ten pictures of each class"),
  device: z.string().optional().describe("no effect: nothing is computed").meta({ argument: "name" }),
  seed: unusedSeed(),
  ...sharedOptions,
});

export type InspectOptions = z.output<typeof inspectOptions>;
