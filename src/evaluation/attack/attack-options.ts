// The options of `attackRun`.
import { z } from "zod";
import { count, kernels, nonNegative, precision, ratio, seed } from "../../options/index.js";

/** Attacks that are AutoAttack's benchmark use these radii. */
const benchmarkEpsilon = { inf: 8 / 255, "2": 0.5 } as const;

/** The radius of a ball, pixels being from 0 to 1. */
export const epsilonIn = (norm: keyof typeof benchmarkEpsilon) => benchmarkEpsilon[norm];

const epsilonText = `8/255, or ${benchmarkEpsilon["2"]} in the 2 norm`;
const byAttack = "by attack";

/** Options that only some attacks have, which check them and have their defaults. */
export const declarable = ["steps", "stepSize", "restarts", "loss"] as const;

export const attackOptions = z.object({
  limit: count()
    .nullable()
    .default(null)
    .describe("number of images, the same for every run")
    .meta({ defaultText: "all" }),
  norm: z.enum(["inf", "2"]).default("inf").describe("norm that limits the perturbation").meta({ argument: "inf|2" }),
  epsilon: ratio(nonNegative())
    .optional()
    .describe("largest perturbation, pixels being from 0 to 1")
    .meta({ defaultText: epsilonText }),
  steps: z.number().nullish().describe("steps, or queries").meta({ argument: "n", defaultText: byAttack }),
  stepSize: ratio(z.number()).nullish().describe("length of a step, in the norm").meta({ defaultText: byAttack }),
  restarts: z
    .number()
    .nullish()
    .describe("random restarts on the samples still classified correctly")
    .meta({ argument: "n", defaultText: byAttack }),
  loss: z
    .string()
    .nullish()
    .describe("loss to maximize: cross entropy, or the Carlini-Wagner margin")
    .meta({ argument: "ce|margin", defaultText: byAttack }),
  seed: seed().default(0),
  saveImages: z.boolean().default(false).describe("write the adversarial images: adversarial.npy, indices.npy"),
  checkpoint: z
    .union([z.enum(["last", "best"]), count(0)])
    .default("last")
    .describe("checkpoint of the run, or the epoch of weights that it kept")
    .meta({ argument: "last|best|epoch", expected: "last, best or an epoch" }),
  batchSize: count().default(128).describe("images per batch"),
  precision: precision().default("fp32").describe("precision of convolutions; bf16 hides gradients from attacks"),
  kernels: kernels().optional().meta({ defaultText: "auto in fp32, else as the run was trained" }),
});
