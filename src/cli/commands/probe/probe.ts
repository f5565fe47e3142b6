// `selfadapt probe`: what the frozen features of a run are good for.
import { type Command, Option } from "commander";
import { didYouMean, InputError } from "../../../errors.js";
import { type ProbeMethod, probeMethods } from "../../../evaluation/probe/settings.js";
import { finiteNumber, wholeNumber } from "../../shared/numbers.js";
import { addSharedOptions } from "../../shared/shared-options.js";
import type { ProbeFlags } from "./probe-run.js";

const examples = `
Protocols:
  lbfgs   logistic regression on fixed features
  sgd     a linear layer on the features of crops and mirror images, drawn anew each epoch (an epoch is a pass of the network)
  knn     nearest neighbors by cosine, votes weighted by exp(cosine / temperature)
  all     the three of them

Examples:
  selfadapt probe runs/photos-sat-1 --data ./photos
  selfadapt probe runs/photos-sat-1 --data ./photos --checkpoint initial     the random features to compare with
  selfadapt probe runs/photos-sat-1 --data ./photos --label-fraction 0.01 --json`;

/** `lbfgs,knn` or `all`. @throws InputError for any other. */
function readMethods(text: string): readonly ProbeMethod[] {
  if (text === "all") return probeMethods;
  const names = text.split(",");
  const stranger = names.find((name) => !probeMethods.includes(name as ProbeMethod));
  if (stranger === undefined) return probeMethods.filter((method) => names.includes(method));
  const known = [...probeMethods, "all"];
  throw new InputError(
    `--protocol: received "${stranger}"; expected ${known.join(", ")}, or some of them with commas${didYouMean(stranger, known)}`,
  );
}

export function defineProbe(command: Command): void {
  const methods: readonly ProbeMethod[] = ["lbfgs", "knn"];
  const protocol = new Option("--protocol <name,...>", "how features are judged, as below");
  command
    .argument("<run>", "run folder")
    .requiredOption("--data <path>", "learns from its training part, is judged on its test part")
    .option("--format <name>", "how the data lies on disk; recognised unless given")
    .option("--labels <file>", "labels of data that carries none (.npy or .csv)")
    .option(
      "--checkpoint <last|best|initial>",
      "which weights; initial are those that the run's seed drew, for random features",
      "last",
    )
    .addOption(protocol.default(methods, "lbfgs,knn").argParser(readMethods))
    .option(
      "--label-fraction <x>",
      "share of every class's training labels that is used",
      finiteNumber("--label-fraction", 0, 1),
      1,
    )
    .option(
      "--held-out <x>",
      "judge by this share of every class, where there is no test part",
      finiteNumber("--held-out", 0, 1),
      0.2,
    )
    .option("--k <n>", "knn: how many neighbors vote", wholeNumber("--k", 1, 1_000_000), 200)
    .option("--temperature <x>", "knn: the lower, the more the nearest count", finiteNumber("--temperature", 0), 0.1)
    .option("--epochs <n>", "sgd: passes over the training part", wholeNumber("--epochs", 1, 100_000), 100)
    .option("--batch-size <n>", "sgd: samples a step", wholeNumber("--batch-size", 1, 65_536), 256)
    .option("--lr <x>", "sgd: first learning rate, for batches of 256", finiteNumber("--lr", 0), 0.1)
    .option("--seed <n>", "of splits, order and augmentation", wholeNumber("--seed", 0, 2 ** 32), 0)
    .option("--precision <auto|fp32|bf16|fp64>", "what convolutions compute in; as the run was trained unless given")
    .option(
      "--kernels <auto|amx|avx512|winograd|stock>",
      "what runs the convolutions; as the run was trained unless given",
    )
    .option("--device <name>", "auto, cpu, cuda or cuda:N", "auto");
  addSharedOptions(command)
    .addHelpText("after", examples)
    .action(async (run: string, flags: ProbeFlags) => {
      await (await import("./probe-run.js")).probeAndTell(run, flags);
    });
}
