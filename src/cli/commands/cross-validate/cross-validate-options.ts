// The options of `cross-validate` besides the keys of the recipe.
import { z } from "zod";
import { count, path } from "../../../options/index.js";
import { outputFile } from "../../shared/output-file.js";

export const crossValidateOptions = z.object({
  folds: count(2).default(5).describe("parts, each predicted by a network trained on the others"),
  out: outputFile(".npy").describe("write the probabilities, (samples, classes), as .npy"),
  labelsOut: outputFile(".npy")
    .optional()
    .describe("write the labels, given and before --noise, (samples, 2), as .npy"),
  runs: path("folder")
    .optional()
    .describe("folder of the runs, one per fold; those found there are resumed")
    .meta({ defaultText: "next to --out, as NAME-folds" }),
});

export type CrossValidateFlags = z.output<typeof crossValidateOptions>;
