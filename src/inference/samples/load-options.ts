// The options of reading files as samples.
import { z } from "zod";
import { count } from "../../options/index.js";

export const loadOptions = z.object({
  batchSize: count(1, 4096).default(32).describe("samples per batch"),
  strict: z.boolean().default(false).describe("fail on a file that cannot be decoded, instead of skipping it"),
});

export type LoadOptions = z.input<typeof loadOptions>;

export const embedOptions = z.object({
  ...loadOptions.shape,
  normalize: z
    .boolean()
    .default(false)
    .describe("scale every row to length 1, so that the product of two rows is their cosine"),
});

export type EmbedFilesOptions = z.input<typeof embedOptions>;
