// The options of `profile` that are not recipe keys.
import { z } from "zod";
import { count } from "../../../options/index.js";
import { sharedOptions } from "../../shared/shared-options.js";

export const profileOptions = z.object({
  steps: count().default(20).describe("steps to time"),
  warmup: count(0).default(5).describe("steps before them, which are not timed"),
  top: count().default(15).describe("operators in the table; --json has all"),
});

export const allProfileOptions = z.object({ ...profileOptions.shape, ...sharedOptions });

export type ProfileFlags = z.output<typeof allProfileOptions>;
