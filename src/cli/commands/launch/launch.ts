// `selfadapt launch`: several processes of one command, on one machine or several, as torchrun starts them.
import type { Command } from "commander";
import { z } from "zod";
import { InputError } from "../../../errors.js";
import { count, option } from "../../../options/index.js";
import { addOptions, readOptions } from "../../shared/options.js";

const schema = z.object({
  nproc: count(1, 1024).default(1).describe("processes on this machine"),
  nnodes: count(1).default(1).describe("machines"),
  nodeRank: z.int().min(0).default(0).describe("the number of this machine, from 0"),
  masterAddr: z
    .string()
    .optional()
    .describe("name or address of machine 0")
    .meta({ argument: "host", defaultText: "this one" }),
  masterPort: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe("port of machine 0 that the others connect to")
    .meta({ defaultText: "29500; a free one for a single machine" }),
});

const examples = `
Examples:
  selfadapt launch --nproc 2 -- train ./photos
  selfadapt launch --nnodes 2 --node-rank 0 --master-addr host-a -- train ./photos   on host-a
  selfadapt launch --nnodes 2 --node-rank 1 --master-addr host-a -- train ./photos   on the other machine`;

/** The commands that ranks share. */
const shared = ["train", "pretrain", "evaluate", "attack", "embed", "probe"];

export function defineLaunch(command: Command): void {
  command.argument("<command...>", "the command of every process, after --");
  addOptions(command, schema)
    .addHelpText("after", examples)
    .action(async (words: readonly string[], flags: Readonly<Record<string, unknown>>) => {
      const options = readOptions(schema, flags);
      check(words, options);
      const masterPort = options.masterPort ?? (options.nnodes > 1 ? 29_500 : undefined);
      const { launchRanks } = await import("../../shared/launch-ranks.js");
      process.exitCode = await launchRanks(words, { ...options, masterPort });
    });
}

function check([name]: readonly string[], { nnodes, nodeRank, masterAddr }: z.output<typeof schema>): void {
  if (!shared.includes(String(name))) {
    throw new InputError(`launch: received "${name}"; expected one of ${shared.join(", ")}`);
  }
  if (nodeRank >= nnodes) {
    throw new InputError(
      `${option("nodeRank")}: received ${nodeRank}; expected a number below ${option("nnodes", nnodes)}`,
    );
  }
  if (nnodes > 1 && masterAddr === undefined) {
    throw new InputError(
      `${option("nnodes", nnodes)} needs ${option("masterAddr")}: received none; expected machine 0`,
    );
  }
}
