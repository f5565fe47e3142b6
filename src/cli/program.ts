// The commands. A command's options are loaded when it is named, its code when it runs.
import { Command, CommanderError, type Option } from "commander";
import { InputError } from "../errors.js";
import { withFlags } from "../options/index.js";
import { version } from "../version.js";
import { tellLauncher } from "./shared/tell-launcher.js";

/** Exit status of wrong usage and bad input. */
const BAD_INPUT = 2;

interface Entry {
  readonly description: string;
  /** Gives the command its arguments, flags and action. */
  readonly define: () => Promise<(command: Command, words: readonly string[]) => void>;
}

const commands: Readonly<Record<string, Entry>> = {
  demo: {
    description: "compare cross entropy and self-adaptive training on built-in images with wrong labels",
    define: async () => (await import("./commands/demo/demo.js")).defineDemo,
  },
  train: {
    description: "train a classifier on noisy labels and write a run folder",
    define: async () => (await import("./commands/train/train.js")).defineTrain,
  },
  launch: {
    description: "run a command such as train in several processes, on one machine or several",
    define: async () => (await import("./commands/launch/launch.js")).defineLaunch,
  },
  calibrate: {
    description: "choose the confidence threshold for a target coverage or a guaranteed error rate",
    define: async () => (await import("./commands/calibrate/calibrate.js")).defineCalibrate,
  },
  pretrain: {
    description: "train a network without labels, for probe, embed and train --init",
    define: async () => (await import("./commands/train/train.js")).definePretrain,
  },
  evaluate: {
    description: "measure accuracy, calibration and error at coverage of a run's model",
    define: async () => (await import("./commands/evaluate/evaluate.js")).defineEvaluate,
  },
  attack: {
    description: "measure natural and robust accuracy of a run's model",
    define: async () => (await import("./commands/attack/attack.js")).defineAttack,
  },
  report: {
    description: "regenerate a run's report.html, with its latest results",
    define: async () => (await import("./commands/report/report.js")).defineReport,
  },
  issues: {
    description: "rank likely label errors and summarize dataset health",
    define: async () => (await import("./commands/issues/issues.js")).defineIssues,
  },
  review: {
    description: "apply, export and summarize the verdicts of a data review",
    define: async () => (await import("./commands/review/review.js")).defineReview,
  },
  "cross-validate": {
    description: "compute out-of-fold predictions for every training sample, for issues --pred-probs",
    define: async () => (await import("./commands/cross-validate/cross-validate.js")).defineCrossValidate,
  },
  export: {
    description: "export a run's model to ONNX, safetensors or PyTorch's .pth",
    define: async () => (await import("./commands/export/export.js")).defineExport,
  },
  convert: {
    description: "rewrite weights of timm, torchvision, DINOv2 or CLIP under this package's names",
    define: async () => (await import("./commands/convert/convert.js")).defineConvert,
  },
  reproduce: {
    description: "run a table of the paper or a custom study, and compare the results",
    define: async () => (await import("./commands/reproduce/reproduce.js")).defineReproduce,
  },
  predict: {
    description: "predict labels and confidences of images and arrays",
    define: async () => (await import("./commands/predict/predict.js")).definePredict,
  },
  serve: {
    description: "serve predictions over HTTP",
    define: async () => (await import("./commands/serve/serve.js")).defineServe,
  },
  studio: {
    description: "open a local page to watch runs and to review their data",
    define: async () => (await import("./commands/studio/studio.js")).defineStudio,
  },
  embed: {
    description: "compute embeddings of images and arrays, for search and clustering",
    define: async () => (await import("./commands/embed/embed.js")).defineEmbed,
  },
  probe: {
    description: "evaluate a run's frozen features with linear and nearest-neighbor classifiers",
    define: async () => (await import("./commands/probe/probe.js")).defineProbe,
  },
  inspect: {
    description: "show how a data set is read: parts, classes, image sizes, skipped files",
    define: async () => (await import("./commands/inspect/inspect.js")).defineInspect,
  },
  profile: {
    description: "time training steps by phase and by operator",
    define: async () => (await import("./commands/profile/profile.js")).defineProfile,
  },
  doctor: {
    description: "show libtorch, threads, instruction sets and CUDA of this machine, with advice",
    define: async () => (await import("./commands/doctor/doctor.js")).defineDoctor,
  },
};

/** The description with the default; flags without a value are off by default. */
function describeOption({ description, defaultValue }: Option): string {
  return typeof defaultValue === "string" ? `${description} (default: ${defaultValue})` : description;
}

/** The command line, with the options of the commands among the first two words. */
export async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command("selfadapt")
    .description("Train classifiers that are robust to label noise, by self-adaptive training (arXiv 2101.08732).")
    .version(version)
    .exitOverride()
    .configureHelp({ optionDescription: describeOption })
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll("\n", " ")}\n`) });
  for (const [name, { description, define }] of Object.entries(commands)) {
    const command = program.command(name).description(description);
    if (words.slice(0, 2).includes(name)) (await define())(command, words);
  }
  return program.addHelpText("after", "\nStart with: selfadapt demo\nHelp on a command: selfadapt train --help");
}

function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
  const message = withFlags((error as Error).message.split("\n").join(" "));
  process.stderr.write(`error: ${message}\n`);
  const status = error instanceof InputError ? BAD_INPUT : 1;
  // A launcher need not wait until this process has given back its memory.
  tellLauncher({ failed: status });
  return status;
}

/** Runs the command in the words after `selfadapt`; an error is printed in one line. Returns the exit status. */
export async function runCommand(words: readonly string[]): Promise<number> {
  try {
    const program = await createProgram(words);
    await program.parseAsync(words, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return statusOf(error);
  }
}
