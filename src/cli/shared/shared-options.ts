// Options that many commands have.
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { z } from "zod";
import { InputError } from "../../errors.js";
import { device, kernels, precision, seed, threads } from "../../options/index.js";

/** The options of every command. */
export const sharedOptions = {
  threads: threads(),
  json: z.boolean().default(false).describe("print one JSON object on stdout; logs go to stderr"),
};

export const deviceOption = () => device().default("auto");

/** How a command computes with a run's network. */
export const computeOptions = {
  precision: precision().optional().meta({ defaultText: "as the run was trained" }),
  kernels: kernels().optional().meta({ defaultText: "as the run was trained" }),
  device: deviceOption(),
};

/** For commands that draw nothing at random. */
export const unusedSeed = () => seed().optional().describe("no effect: nothing is random");

export interface SharedOptions {
  readonly json: boolean;
  readonly threads?: number | undefined;
}

/** `--threads 2` as a number. @throws InputError for anything but a whole number from 1 to what the machine has. */
function parseThreads(text: string): number {
  const most = Math.max(64, availableParallelism());
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new InputError(`--threads: received "${text}"; expected a whole number from 1 to ${most}`);
}

/** Adds `--json` and `--threads`, and `--seed` and `--device` where the recipe's flags do not bring them. */
export function addSharedOptions(command: Command, threads = "threads of the CPU; all cores unless given"): Command {
  return command
    .option("--json", "print one JSON object on stdout; messages go to stderr", false)
    .option("--threads <n>", threads, parseThreads);
}
