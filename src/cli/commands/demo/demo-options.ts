// The options of `demo`.
import { z } from "zod";
import { path, seed } from "../../../options/index.js";
import { deviceOption, sharedOptions } from "../../shared/shared-options.js";

export const demoOptions = z.object({
  out: path("folder").optional().describe("new folder for both runs").meta({ defaultText: "under runs/" }),
  seed: seed().default(0),
  device: deviceOption(),
  ...sharedOptions,
  threads: sharedOptions.threads.meta({ defaultText: "2 with the package's kernels, else 1" }),
});

export type DemoOptions = z.output<typeof demoOptions>;
