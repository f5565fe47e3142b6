// The options of `inspect`.
import { z } from "zod";
import { path } from "../../../options/index.js";
import { sharedOptions, unusedSeed } from "../../shared/shared-options.js";

export const inspectOptions = z.object({
  format: z
    .string()
    .optional()
    .describe("layout of the data on disk")
    .meta({ argument: "name", defaultText: "detected" }),
  labels: path("file").optional().describe("labels of arrays that have none"),
  trainDir: path("folder")
    .optional()
    .describe("folder of the training part; . where the data folder holds the classes"),
  fileColumn: z.string().optional().describe("column of a table that names the image files").meta({ argument: "name" }),
  labelColumn: z.string().optional().describe("column of a table that holds the labels").meta({ argument: "name" }),
  splitColumn: z
    .string()
    .optional()
    .describe("column of a table that holds train, validation or test")
    .meta({ argument: "name" }),
  html: path("file").optional().describe("contact sheet to write: ten pictures of each class"),
  device: z.string().optional().describe("no effect: nothing is computed").meta({ argument: "name" }),
  seed: unusedSeed(),
  ...sharedOptions,
});

export type InspectOptions = z.output<typeof inspectOptions>;
