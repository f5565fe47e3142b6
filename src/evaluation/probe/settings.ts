// What a probe can be told, and what it does where it is told nothing.
import { didYouMean, InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import { readCheckpoint } from "../../runs/checkpoint.js";
import type { ComputeOptions } from "../../runs/open-model.js";

export const probeMethods = ["lbfgs", "sgd", "knn"] as const;
export type ProbeMethod = (typeof probeMethods)[number];

export interface ProbeSettings {
  /** Folder or file. */
  readonly data: string;
  /** last, best, or `initial`: the weights that the run's seed drew, whose random features are there to compare with. */
  readonly checkpoint: string;
  readonly methods: readonly ProbeMethod[];
  /** Of nearest neighbors, as the next. */
  readonly k: number;
  readonly temperature: number;
  /** The share of every class's training labels that may be used. */
  readonly labelFraction: number;
  /** Of every class, held out to judge by where the data has no test part. */
  readonly heldOut: number;
  /** Of SGD, as the next two. */
  readonly epochs: number;
  readonly batchSize: number;
  /** For batches of 256; others are given lr batchSize / 256. */
  readonly lr: number;
  readonly seed: number;
}

/** Settings that may be left out, and how the data is read and the network computed. */
export type ProbeRunOptions = {
  readonly [Name in keyof ProbeSettings]?: ProbeSettings[Name] | undefined;
} & ComputeOptions & {
    readonly data: string;
    readonly format?: string | undefined;
    /** Labels of data that carries none. */
    readonly labels?: string | undefined;
    /** Whether image files are streamed; where they would take over a quarter of the free memory unless given. */
    readonly stream?: "auto" | "always" | "never" | undefined;
    /** Hears what is being done, a line at a time. */
    readonly onProgress?: ((line: string) => void) | undefined;
  };

/** The settings, defaults in the place of what was left out. @throws InputError for numbers out of range. */
export function settingsOf(options: ProbeRunOptions): ProbeSettings {
  const { data, checkpoint = "last", methods = ["lbfgs", "knn"], k = 200, temperature = 0.1 } = options;
  const { labelFraction = 1, heldOut = 0.2, epochs = 100, batchSize = 256, lr = 0.1, seed = 0 } = options;
  for (const [name, count] of Object.entries({ k, epochs, batchSize })) {
    if (Number.isInteger(count) && count >= 1) continue;
    throw new InputError(`${name} is ${count}; expected a whole number of at least 1`);
  }
  for (const [name, value] of Object.entries({ temperature, lr })) {
    if (!(value > 0 && value < Infinity)) throw new InputError(`${name} is ${value}; expected a number over 0`);
  }
  return { data, checkpoint, methods, k, temperature, labelFraction, heldOut, epochs, batchSize, lr, seed };
}

/** A run's weights by name, null for the initial ones. @throws InputError where there are none of that name. */
export function weightsNamed(run: string, name: string) {
  if (name === "initial") return null;
  if (name === "last" || name === "best") return readCheckpoint(run, name);
  const known = ["last", "best", "initial"];
  throw new InputError(
    `${option("checkpoint")}: received "${name}"; expected last, best or initial${didYouMean(name, known)}`,
  );
}
