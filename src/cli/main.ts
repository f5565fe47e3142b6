#!/usr/bin/env node
// The command `selfadapt`: what commands there are. A command's flags are loaded when it is named, what it does when it runs.
import { Command, CommanderError } from "commander";
import { InputError } from "../errors.js";
import { version } from "../version.js";

/** Wrong usage and bad input. */
const BAD_INPUT = 2;

interface Entry {
  readonly description: string;
  /** Gives the command its arguments, flags and action. */
  readonly define: () => Promise<(command: Command) => void>;
}

const commands: Readonly<Record<string, Entry>> = {
  demo: {
    description: "cross entropy and self-adaptive training side by side on built-in pictures with wrong labels",
    define: async () => (await import("./demo.js")).defineDemo,
  },
  train: {
    description: "train a classifier on imperfect labels and write a run folder",
    define: async () => (await import("./train.js")).defineTrain,
  },
  evaluate: {
    description: "accuracy, calibration and error at coverage of a run's model",
    define: async () => (await import("./evaluate.js")).defineEvaluate,
  },
  doctor: {
    description: "what this machine has: libtorch, threads, instruction sets, CUDA, and what to do about it",
    define: async () => (await import("./doctor.js")).defineDoctor,
  },
};

async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command("selfadapt")
    .description("Train classifiers that survive wrong labels, by self-adaptive training (arXiv 2101.08732).")
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll("\n", " ")}\n`) });
  for (const [name, { description, define }] of Object.entries(commands)) {
    const command = program.command(name).description(description);
    if (words.includes(name)) (await define())(command);
  }
  return program.addHelpText(
    "after",
    "\nStart with: selfadapt demo\nEvery command explains itself: selfadapt train --help",
  );
}

function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
  const message = (error as Error).message.split("\n").join(" ");
  process.stderr.write(`error: ${message}\n`);
  return error instanceof InputError ? BAD_INPUT : 1;
}

// Whoever reads our output may stop reading it: `selfadapt ... | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

try {
  const program = await createProgram(process.argv.slice(2, 4));
  await program.parseAsync();
} catch (error) {
  process.exitCode = statusOf(error);
}
