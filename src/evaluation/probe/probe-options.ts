// The options of `probeRun`.
import { z } from "zod";
import {
  checkpointOrInitial,
  count,
  fractionBelowOne,
  fractionToOne,
  type LayoutOptions,
  parseOptions,
  positive,
  seed,
} from "../../options/index.js";
import type { ComputeOptions } from "../../runs/model/open-model.js";
import type { distributed } from "../../torch/index.js";

export const probeMethods = ["lbfgs", "sgd", "knn"] as const;
export type ProbeMethod = (typeof probeMethods)[number];

export const probeOptions = z.object({
  checkpoint: checkpointOrInitial(),
  methods: z
    .array(z.enum([...probeMethods, "all"]))
    .readonly()
    .transform((names) => probeMethods.filter((name) => names.includes("all") || names.includes(name)))
    .default(["lbfgs", "knn"])
    .describe("classifiers, as listed below")
    .meta({ argument: "name,..." }),
  labelFraction: fractionToOne().default(1).describe("fraction of each class's training labels to use"),
  heldOut: fractionBelowOne().default(0.2).describe("fraction of each class held out as test part, if there is none"),
  k: count(1, 1_000_000).default(200).describe("knn: number of neighbors"),
  temperature: positive().default(0.1).describe("knn: temperature of the votes; lower values favor the nearest"),
  epochs: count(1, 100_000).default(100).describe("sgd: passes over the training part"),
  batchSize: count(1, 65_536).default(256).describe("sgd: batch size"),
  lr: positive().default(0.1).describe("sgd: initial learning rate, scaled by batch size / 256"),
  seed: seed().default(0).describe("seed of splits, order and augmentation"),
});

/** The options with their defaults, and the data: folder or file. */
export type ProbeSettings = z.output<typeof probeOptions> & { readonly data: string };

/** The options of a probe, how the data is read and how the network is computed. */
export type ProbeRunOptions = z.input<typeof probeOptions> &
  LayoutOptions &
  ComputeOptions & {
    readonly data: string;
    readonly format?: string | undefined;
    /** Labels of data without any. */
    readonly labels?: string | undefined;
    /** Whether image files are streamed (default: when they would take more than a quarter of the free memory). */
    readonly stream?: "auto" | "always" | "never" | undefined;
    /** The ranks that share the work, each by a call of its own; all get the result (default: this process). */
    readonly group?: distributed.ProcessGroup | undefined;
    /** Receives one line per step. */
    readonly onProgress?: ((line: string) => void) | undefined;
  };

/** @throws InputError for the first option that is out of range. */
export const settingsOf = (options: ProbeRunOptions): ProbeSettings => ({
  data: options.data,
  ...parseOptions(probeOptions, options),
});
