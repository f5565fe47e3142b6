// Options that many commands have.
import { z } from "zod";
import { device, kernels, precision, seed, threads } from "../../options/index.js";

/** The options of every command. */
export const sharedOptions = {
  threads: threads(),
  json: z.boolean().default(false).describe("print one JSON object on stdout; logs go to stderr"),
};

/** For commands that serve. */
export const hostOption = () =>
  z
    .string()
    .min(1)
    .default("127.0.0.1")
    .describe("address to listen on; 0.0.0.0 for every network")
    .meta({ argument: "address", expected: "an address" });

export const deviceOption = () => device().default("auto");

/** How a command computes with a run's network. */
export const computeOptions = {
  precision: precision().optional().meta({ defaultText: "as the run was trained" }),
  kernels: kernels().optional().meta({ defaultText: "as the run was trained" }),
  device: deviceOption(),
};

/** For commands without randomness. */
export const unusedSeed = () => seed().optional().describe("no effect: nothing is random");

export interface SharedOptions {
  readonly json: boolean;
  readonly threads?: number | undefined;
}
