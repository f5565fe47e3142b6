// The options of `export`.
import { z } from "zod";
import { exportOptions as libraryOptions } from "../../../export/export-options.js";
import { sharedOptions, unusedSeed } from "../../shared/shared-options.js";

export const exportOptions = z.object({
  ...libraryOptions.shape,
  device: z.string().optional().describe("no effect: models are exported on the CPU").meta({ argument: "name" }),
  seed: unusedSeed(),
  ...sharedOptions,
});

export type ExportOptions = z.output<typeof exportOptions>;
