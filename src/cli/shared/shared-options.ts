// The flags that every command has.
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { InputError } from "../../errors.js";

export interface SharedOptions {
  readonly json: boolean;
  readonly threads?: number;
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
