// Everything that determines a run: each option declared once, for its type, its check, its flag and its line of help.
import { resolve } from "node:path";
import { z } from "zod";
import { withNoisePath } from "../../data/noise/spec.js";
import { didYouMean, InputError } from "../../errors.js";
import {
  defaultMethod,
  filePath,
  isPath,
  type Method,
  type MethodInput,
  type MethodOptions,
  methodNamed,
  methods,
  methodsWith,
} from "../../methods/index.js";
import { defaultModels, modelNames, stemOption } from "../../models/index.js";
import { device, flagOf, kernels, precision, seed } from "../../options/index.js";

const count = () => z.int().min(1);
const positive = () => z.number().positive();

/** The options as a user may give them; what is left out is chosen from the data, the model and the paper's rules. */
const coreSchema = z.strictObject({
  data: filePath().describe("folder or file with the training data"),
  format: z.string().optional().describe("how the data lies on disk; recognised unless given"),
  labels: filePath()
    .optional()
    .describe("training labels that replace the data's own: .npy, or a table of (file, label) or (index, label)"),
  fileColumn: z.string().optional().describe("column of a table that names the image files"),
  labelColumn: z.string().optional().describe("column of a table that holds the labels"),
  splitColumn: z.string().optional().describe("column of a table that holds train, validation or test"),
  noise: z
    .string()
    .default("none")
    .describe(
      "noise to inject, by rate (symmetric:0.4, asymmetric, pair, instance, gaussian, random-pixels, shuffled-pixels), file:PATH or matrix:PATH",
    ),
  limitTrain: count().optional().describe("use only the first N training samples"),
  testFraction: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe("share of each class set apart as test set, where the data has none; the same for every seed"),
  valFraction: z.number().gt(0).lt(1).optional().describe("share of each class held out to choose the best epoch by"),
  strict: z.boolean().default(false).describe("refuse images that cannot be read, where they would be skipped"),
  stream: z
    .enum(["auto", "always", "never"])
    .default("auto")
    .describe(
      "leave image files on disk and decode them batch by batch; auto: where they would fill a quarter of the free memory",
    ),
  imageSize: z.int().min(8).optional().describe("side in pixels that images of a folder are resized to"),
  augment: z
    .enum(["none", "crop", "crop-flip", "resized-crop", "simclr", "byol", "moco"])
    .optional()
    .describe(
      "crops, mirror images too, resized crops, or a method's views; crop-flip, or the method's own, for colour images unless given",
    ),
  cropPadding: z
    .int()
    .min(0)
    .optional()
    .describe("black pixels around an image before it is cropped back to its size; an eighth of it unless given"),
  rotation: z
    .number()
    .min(0)
    .max(180)
    .default(0)
    .describe("degrees by which an image is turned at most, either way, before it is cropped"),
  mean: z
    .array(z.number())
    .optional()
    .describe(
      "what is subtracted from each channel, pixels counted from 0 to 1; found from the data, or 0 for trades and pgd-at, unless given",
    ),
  std: z
    .array(positive())
    .optional()
    .describe("what each channel is then divided by; found from the data, or 1 for trades and pgd-at, unless given"),

  model: z
    .string()
    .optional()
    .describe(`network: ${modelNames.join(", ")}`)
    .meta({ defaultText: `${defaultModels.images} for images, ${defaultModels.arrays} for arrays` }),
  width: count().default(64).describe("base width of the network"),
  stem: stemOption(),
  weights: filePath().optional().describe("weights to start from: .safetensors, .pth or a run folder"),

  objective: z
    .string()
    .default(() => defaultMethod.name)
    .describe("training method"),

  epochs: count().default(200).describe("passes over the training data"),
  batchSize: z
    .int()
    .min(2)
    .optional()
    .describe("samples a step, two or more; 128, without labels 256, unless given, fewer for small data"),
  accumulate: count().default(1).describe("parts that each batch is split into, to save memory"),
  optimizer: z.enum(["sgd", "adam", "adamw", "lars", "custom"]).default("sgd").describe("update rule"),
  lr: positive()
    .optional()
    .describe(
      "learning rate; 0.1 for sgd and lars, 0.001 for adam, a tenth of it with --weights; without labels 0.06 for batches of 256, in proportion",
    ),
  schedule: z.enum(["cosine", "step", "constant"]).default("cosine").describe("how the learning rate falls"),
  milestones: z.array(z.int().min(0)).default([]).describe("epochs at which the step schedule lowers the rate"),
  stepFactor: positive().default(0.1).describe("what the step schedule multiplies the rate by"),
  warmupEpochs: z.number().min(0).default(0).describe("epochs in which the rate first rises from zero"),
  momentum: z.number().min(0).lt(1).default(0.9).describe("momentum of sgd and lars"),
  nesterov: z.boolean().default(false).describe("Nesterov's form of momentum"),
  weightDecay: z.number().min(0).default(5e-4).describe("weight decay"),
  emaDecay: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe("average the weights, this share staying at each step; the average is what is judged"),
  clipGradNorm: positive().optional().describe("largest norm of the gradient; longer ones are shortened to it"),
  patience: count().optional().describe("stop after N epochs without a better validation accuracy"),
  trackDynamics: z
    .boolean()
    .default(false)
    .describe("follow accuracy on training and held-out part by given and true labels each epoch"),
  mcPasses: z.int().min(0).default(0).describe("passes of MC dropout to judge the test set by at the end; 0 for none"),
  keepFrom: z
    .int()
    .min(0)
    .optional()
    .describe("keep the weights of every epoch from this one on, in checkpoint/epoch-N; none unless given"),
  evalEvery: count().default(1).describe("epochs from one evaluation to the next; the last is always evaluated"),

  seed: seed().default(0),
  precision: precision().default("auto"),
  kernels: kernels().default("auto"),
  device: device().default("auto"),
});

/** What a recipe may say: the keys of every run, and those of its method. */
export type RecipeInput = z.input<typeof coreSchema> & MethodInput;
/** A recipe with the defaults filled in; of the methods' keys it has those of its own method. */
export type Recipe = z.output<typeof coreSchema> & MethodOptions;
export type RecipeKey = keyof Recipe;

/** The keys that every method's recipe has. */
export const coreShape: z.ZodRawShape = coreSchema.shape;

/** Every key that a recipe may have, by whatever method. */
export function recipeKeys(): RecipeKey[] {
  const own = methods().flatMap(({ options }) => Object.keys(options));
  return [...new Set([...Object.keys(coreShape), ...own])] as RecipeKey[];
}

function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}

/** One line for the first thing wrong: the key, the value received, what is expected. */
function firstProblem(issues: readonly z.core.$ZodIssue[], input: unknown, method: Method): string {
  const issue = issues[0]!;
  if (issue.code === "unrecognized_keys") return unknownKey(issue.keys[0] as string, input, method);
  const received = valueAt(input, issue.path);
  const reason = issue.message
    .replace(/^(Invalid \w+|Too small|Too big): /, "")
    .replace(/, received .*$/, "")
    .replace("expected int", "expected a whole number");
  const key = String(issue.path[0]);
  const near =
    issue.code === "invalid_value" && typeof received === "string"
      ? didYouMean(received, issue.values.map(String))
      : "";
  return `${flagOf(key)} (${key}): received ${describeValue(received)}; ${reason}${near}`;
}

/** A key that no method has, or that other methods have. */
function unknownKey(key: string, input: unknown, method: Method): string {
  const others = methodsWith(key).map(({ name }) => name);
  if (others.length === 0) return `unknown recipe key "${key}"${didYouMean(key, recipeKeys())}`;
  const received = describeValue(valueAt(input, [key]));
  return `${flagOf(key)} (${key}): received ${received} with --objective ${method.name}; it is an option of ${others.join(", ")}`;
}

/**
 * Checks a recipe and fills in the defaults: the keys of every run, and those of the method that it names.
 * @throws InputError naming the first key that is unknown, of another method, or out of range.
 */
export function parseRecipe(input: unknown): Recipe {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new InputError(`a recipe is a list of "key: value" lines; received ${describeValue(input)}`);
  }
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const method = given.objective === undefined ? defaultMethod : methodNamed(given.objective as string);
  const parsed = z.strictObject({ ...coreShape, ...method.options }).safeParse(given);
  if (parsed.success) return parsed.data as Recipe;
  throw new InputError(firstProblem(parsed.error.issues, given, method));
}

/** The recipe with every file named from the root, so that a run finds them again wherever it is resumed. */
export function withWholePaths(recipe: Recipe): Recipe {
  const shape: z.ZodRawShape = { ...coreShape, ...methodNamed(recipe.objective).options };
  const paths = Object.entries(recipe).filter(
    ([key, value]) => typeof value === "string" && isPath(shape[key] as z.ZodType),
  );
  return {
    ...recipe,
    noise: withNoisePath(recipe.noise, (path) => resolve(path)),
    ...Object.fromEntries(paths.map(([key, path]) => [key, resolve(path as string)])),
  };
}

/** The keys without those that only other methods have, for settings that several methods share; unknown keys stay. */
export function withoutForeignKeys<Keys extends object>(input: Keys): Keys {
  const { objective = defaultMethod.name } = input as { readonly objective?: string };
  const own: z.ZodRawShape = { ...coreShape, ...methodNamed(objective).options };
  const kept = Object.entries(input).filter(([key]) => key in own || methodsWith(key).length === 0);
  return Object.fromEntries(kept) as Keys;
}
