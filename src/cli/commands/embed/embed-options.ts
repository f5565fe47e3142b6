// The options of `embed`.
import { z } from "zod";
import { embedderOptions } from "../../../inference/embedder-options.js";
import { embedOptions as libraryOptions } from "../../../inference/samples/load-options.js";
import { rankOptions } from "../../shared/rank-options.js";
import { deviceOption, sharedOptions, unusedSeed } from "../../shared/shared-options.js";

export const embedOptions = z.object({
  out: z
    .string()
    .regex(/.\.npy$/i)
    .describe("file for the embeddings")
    .meta({ argument: "file.npy", expected: "a file name that ends in .npy" }),
  checkpoint: embedderOptions.shape.checkpoint,
  ...libraryOptions.shape,
  device: deviceOption(),
  seed: unusedSeed(),
  ...rankOptions,
  ...sharedOptions,
});

export type EmbedOptions = z.output<typeof embedOptions>;
