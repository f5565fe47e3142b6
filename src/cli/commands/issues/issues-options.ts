// The options of `issues`.
import { z } from "zod";
import { dropReasons } from "../../../issues/drop.js";
import { issueKinds } from "../../../issues/kinds/registry.js";
import { leastWrong } from "../../../issues/labels/correctable.js";
import { partNames } from "../../../issues/parts-of-run.js";
import { count, fraction, path } from "../../../options/index.js";
import { dataOptions } from "../../shared/data-options.js";
import { outputFile } from "../../shared/output-file.js";
import { deviceOption, sharedOptions, unusedSeed } from "../../shared/shared-options.js";

/** Alone, or with the least P(wrong) of the samples to correct. */
const leastProbability = () =>
  z
    .union([z.literal(true), fraction()])
    .optional()
    .meta({ argument: "[probability]", expected: "a probability from 0 to 1, or none" });

/** As `leastProbability`, or comma-separated reasons. */
const dropOption = () =>
  z
    .union([z.literal(true), fraction(), z.string()])
    .optional()
    .meta({
      argument: "[probability|reasons]",
      expected: `a probability from 0 to 1, comma-separated reasons (${dropReasons.join(", ")}), or none`,
    });

export const issuesOptions = z.object({
  data: path()
    .optional()
    .describe("the run's data that has moved, labeled data that it never saw, or data of --pred-probs or --features")
    .meta({ defaultText: "as in the recipe" }),
  skipMissing: z.boolean().default(false).describe("continue without files of the run's data that are missing"),
  format: dataOptions.format.describe("format of --data"),
  labels: dataOptions.labels.describe("the given labels of --data, --pred-probs or --features (.npy or .csv)"),
  fileColumn: dataOptions.fileColumn,
  labelColumn: dataOptions.labelColumn,
  splitColumn: dataOptions.splitColumn,
  trainDir: dataOptions.trainDir,
  predProbs: path("file").optional().describe("rank by these class probabilities, (samples, classes) in a .npy file"),
  features: path("file")
    .optional()
    .describe("rank by the neighbors of these features, (samples, size) in a .npy file; no training"),
  classes: z
    .string()
    .min(1)
    .optional()
    .describe("with --pred-probs: comma-separated class names, one per column, or a file with one per line")
    .meta({ argument: "names", defaultText: "the order of the data's classes" }),
  part: z
    .enum(partNames)
    .optional()
    .describe("part of the data; the network was not trained on validation and test")
    .meta({ defaultText: "train; of data that it never saw all but test" }),
  types: z
    .string()
    .optional()
    .describe(
      `comma-separated kinds of issues: label (always), ${issueKinds.map(({ name }) => name).join(", ")}, or none besides label`,
    )
    .meta({ argument: "names", defaultText: "all" }),
  top: count().optional().describe("number of top-ranked samples to keep").meta({ defaultText: "all; 10 are printed" }),
  class: z.string().optional().describe("keep only samples with this given label").meta({ argument: "name" }),
  csv: outputFile().optional().describe("write the ranking as CSV"),
  jsonl: outputFile().optional().describe("write the ranking as JSON lines"),
  health: outputFile(".json")
    .optional()
    .describe("write estimates by class, noise matrix and every kind with its groups (.json)"),
  html: outputFile(".html").optional().describe("write a page with pictures of the worst of every kind (.html)"),
  outManifest: outputFile(".csv", ".jsonl")
    .optional()
    .describe("write the corrected training data for train (.csv or .jsonl)"),
  drop: dropOption()
    .describe(`leave out samples of at least this P(wrong), or for these reasons: ${dropReasons.join(", ")}`)
    .meta({ defaultText: String(leastWrong) }),
  relabel: leastProbability().describe("give such samples the suggested label instead"),
  device: deviceOption(),
  seed: unusedSeed(),
  ...sharedOptions,
});

export const headings = { part: "Selection:", csv: "Results:", device: "Machine:" };

export type IssuesOptions = z.output<typeof issuesOptions>;
