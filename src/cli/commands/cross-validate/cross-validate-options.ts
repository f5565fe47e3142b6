// The options of `cross-validate` besides the keys of the recipe.
import { existsSync } from "node:fs";
import { dirname, extname } from "node:path";
import { z } from "zod";
import { count, path } from "../../../options/index.js";

export const crossValidateOptions = z.object({
  folds: count(2).default(5).describe("parts, each predicted by a network trained on the others"),
  out: path("file")
    .refine((file) => extname(file) === ".npy", { error: "expected a name that ends in .npy", abort: true })
    .refine((file) => existsSync(dirname(file)), { error: "expected a file in a folder that exists" })
    .describe("write the probabilities, (samples, classes), as .npy"),
  runs: path("folder")
    .optional()
    .describe("folder of the runs, one a fold; those found there are resumed")
    .meta({ defaultText: "next to --out, as NAME-folds" }),
});

export type CrossValidateFlags = z.output<typeof crossValidateOptions>;
