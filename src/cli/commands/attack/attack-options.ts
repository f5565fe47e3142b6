// The options of `attack`.
import { z } from "zod";
import { defaultAttack } from "../../../attacks/index.js";
import { attackOptions as libraryOptions } from "../../../evaluation/attack/attack-options.js";
import { nonNegative, path, ratio, withoutDefaults } from "../../../options/index.js";
import { dataOptions } from "../../shared/data-options.js";
import { rankOptions } from "../../shared/rank-options.js";
import { deviceOption, sharedOptions } from "../../shared/shared-options.js";

// The defaults are those of a new attack; a resumed one has its own.
const shape = withoutDefaults(libraryOptions.shape);
const { limit, norm, epsilon, steps, stepSize, restarts, loss, seed, saveImages, batchSize, precision, kernels } =
  shape;

export const attackOptions = z.object({
  ...dataOptions,
  data: dataOptions.data.describe("images to attack; the test part if there is one").meta({ defaultText: "the run's" }),
  limit,
  attack: z
    .string()
    .optional()
    .describe("attack, as listed below")
    .meta({ argument: "name", defaultText: defaultAttack.name }),
  norm,
  epsilon,
  steps,
  stepSize,
  restarts,
  loss,
  seed,
  epsilons: z
    .array(ratio(nonNegative()))
    .optional()
    .describe("one attack per radius: robust accuracy by epsilon")
    .meta({ expected: "comma-separated numbers of at least 0, or fractions such as 8/255" }),
  checkpoints: z
    .string()
    .regex(/^\d+-\d+$/)
    .transform((text) => text.split("-").map(Number) as [number, number])
    .refine(([first, last]) => first <= last)
    .optional()
    .describe("one attack per epoch, of those whose weights the run kept")
    .meta({ argument: "a-b", expected: "the first and the last epoch, such as 70-99" }),
  out: path("folder").optional().describe("folder for the results").meta({ defaultText: "in attacks/ of the run" }),
  resume: z.boolean().default(false).describe("resume an attack that was stopped"),
  saveImages,
  checkpoint: shape.checkpoint,
  batchSize,
  precision,
  kernels,
  device: deviceOption(),
  ...rankOptions,
  // Ranks meet after every batch, whose time differs between them.
  rankTimeout: rankOptions.rankTimeout.default(3600),
  ...sharedOptions,
});

export const headings = { attack: "Attack:", epsilons: "Curves:", out: "Results:", checkpoint: "Machine:" };

export type AttackOptions = z.output<typeof attackOptions>;
