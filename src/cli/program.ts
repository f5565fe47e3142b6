// What commands there are. A command's flags are loaded when it is named, what it does when it runs.
import { Command, CommanderError, type Option } from "commander";
import { InputError } from "../errors.js";
import { withFlags } from "../options/index.js";
import { version } from "../version.js";

/** Wrong usage and bad input. */
const BAD_INPUT = 2;

interface Entry {
  readonly description: string;
  /** Gives the command its arguments, flags and action. */
  readonly define: () => Promise<(command: Command, words: readonly string[]) => void>;
}

const commands: Readonly<Record<string, Entry>> = {
  demo: {
    description: "cross entropy and self-adaptive training side by side on built-in pictures with wrong labels",
    define: async () => (await import("./commands/demo/demo.js")).defineDemo,
  },
  train: {
    description: "train a classifier on imperfect labels and write a run folder",
    define: async () => (await import("./commands/train/train.js")).defineTrain,
  },
  calibrate: {
    description: "from which confidence on a run answers: for a wanted coverage, or an error that is promised",
    define: async () => (await import("./commands/calibrate/calibrate.js")).defineCalibrate,
  },
  pretrain: {
    description: "train a network without labels, for probe, embed and train --init",
    define: async () => (await import("./commands/train/train.js")).definePretrain,
  },
  evaluate: {
    description: "accuracy, calibration and error at coverage of a run's model, and what its threshold comes to",
    define: async () => (await import("./commands/evaluate/evaluate.js")).defineEvaluate,
  },
  attack: {
    description: "how many answers of a run's model survive an attack on the images: natural and robust accuracy",
    define: async () => (await import("./commands/attack/attack.js")).defineAttack,
  },
  report: {
    description: "a run's report.html written anew, with what was found out about the run since",
    define: async () => (await import("./commands/report/report.js")).defineReport,
  },
  issues: {
    description: "which labels are probably wrong, ranked, and how the data stands; writes a corrected manifest",
    define: async () => (await import("./commands/issues/issues.js")).defineIssues,
  },
  export: {
    description: "a run's model for other programs: ONNX with all that inference needs, safetensors, PyTorch's .pth",
    define: async () => (await import("./commands/export/export.js")).defineExport,
  },
  reproduce: {
    description:
      "a table of the paper, or a study of your own: its runs, and the paper's figures beside those measured",
    define: async () => (await import("./commands/reproduce/reproduce.js")).defineReproduce,
  },
  predict: {
    description: "label, confidence and abstention of images and arrays, by a run or an exported model",
    define: async () => (await import("./commands/predict/predict.js")).definePredict,
  },
  serve: {
    description: "the same answers over HTTP",
    define: async () => (await import("./commands/serve/serve.js")).defineServe,
  },
  embed: {
    description: "the features of images and arrays by a run's network, for search, clustering, anything",
    define: async () => (await import("./commands/embed/embed.js")).defineEmbed,
  },
  probe: {
    description: "how much a run's frozen features know of the classes of data: linear and nearest-neighbour accuracy",
    define: async () => (await import("./commands/probe/probe.js")).defineProbe,
  },
  doctor: {
    description: "what this machine has: libtorch, threads, instruction sets, CUDA, and what to do about it",
    define: async () => (await import("./commands/doctor/doctor.js")).defineDoctor,
  },
};

/** Flags are off unless given, which needs no saying. */
function describeOption({ description, defaultValue }: Option): string {
  return typeof defaultValue === "string" ? `${description} (default: ${defaultValue})` : description;
}

async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command("selfadapt")
    .description("Train classifiers that survive wrong labels, by self-adaptive training (arXiv 2101.08732).")
    .version(version)
    .exitOverride()
    .configureHelp({ optionDescription: describeOption })
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll("\n", " ")}\n`) });
  for (const [name, { description, define }] of Object.entries(commands)) {
    const command = program.command(name).description(description);
    if (words.slice(0, 2).includes(name)) (await define())(command, words);
  }
  return program.addHelpText(
    "after",
    "\nStart with: selfadapt demo\nEvery command explains itself: selfadapt train --help",
  );
}

function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
  const message = withFlags((error as Error).message.split("\n").join(" "));
  process.stderr.write(`error: ${message}\n`);
  return error instanceof InputError ? BAD_INPUT : 1;
}

/** Does what the words after `selfadapt` ask for, and says in one line what keeps it from that; gives the exit status. */
export async function runCommand(words: readonly string[]): Promise<number> {
  try {
    const program = await createProgram(words);
    await program.parseAsync(words, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return statusOf(error);
  }
}
