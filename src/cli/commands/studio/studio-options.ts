// The options of `studio`.
import { z } from "zod";
import { count } from "../../../options/index.js";
import { deviceOption, hostOption, sharedOptions, unusedSeed } from "../../shared/shared-options.js";

export const studioOptions = z.object({
  port: count(0, 65_535)
    .optional()
    .describe("port; 0 for any free port")
    .meta({ defaultText: "8321, or a free one where that is in use" }),
  host: hostOption(),
  noOpen: z.boolean().default(false).describe("print the address without opening a browser"),
  device: deviceOption(),
  seed: unusedSeed(),
  ...sharedOptions,
});

export type StudioFlags = z.output<typeof studioOptions>;
