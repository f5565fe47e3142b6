// The options of a run, each declared once: type, check, default, flag and help.
import { resolve } from "node:path";
import { z } from "zod";
import { withNoisePath } from "../../data/noise/spec.js";
import { shapesNamed } from "../../data/synthetic/shapes-name.js";
import { viewPresets } from "../../data/views/recipe.js";
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
import { defaultModels, dropPathOption, isOnnxName, stemOption, withOnnxPath } from "../../models/index.js";
import {
  count,
  describeValue,
  device,
  fractionBelowOne,
  fractionToOne,
  kernels,
  layoutOptions,
  option,
  parseOptions,
  positive,
  precision,
  seed,
} from "../../options/index.js";
import { CUSTOM } from "../model/custom-model.js";

/** The width of the published networks. */
export const DEFAULT_WIDTH = 64;

/** The options as a user gives them; omitted ones depend on the data, the model and the method. */
const coreSchema = z.strictObject({
  data: filePath("path").describe("folder or file with the training data"),
  format: z.string().optional().describe("layout of the data on disk").meta({ defaultText: "detected" }),
  labels: filePath("file")
    .optional()
    .describe("training labels that replace those of the data: .npy, or a table of (file, label) or (index, label)"),
  ...layoutOptions,
  pinned: filePath("file")
    .optional()
    .describe(
      "confirmed samples, whose targets stay at their labels: .npy indices, or a table of file or index, and label",
    ),
  noise: z
    .string()
    .default("none")
    .describe(
      "noise to inject: KIND:RATE (symmetric, asymmetric, pair, instance, gaussian, random-pixels, shuffled-pixels), file:PATH or matrix:PATH",
    ),
  limitTrain: count().optional().describe("number of training samples to use").meta({ defaultText: "all" }),
  testFraction: fractionBelowOne()
    .optional()
    .describe("fraction of each class to hold out as test set, where the data has none"),
  valFraction: fractionBelowOne()
    .optional()
    .describe("fraction of each class to hold out for validation, which chooses the best epoch"),
  strict: z.boolean().default(false).describe("stop at images that cannot be decoded instead of skipping them"),
  stream: z
    .enum(["auto", "always", "never"])
    .default("auto")
    .describe("decode images batch by batch; auto: if they would take more than a quarter of the free memory, or 4 GB"),
  classWeights: z
    .string()
    .optional()
    .describe("weights of classes in the loss: balanced, a number for each class, or CLASS=WEIGHT, comma-separated")
    .meta({ argument: "weights", defaultText: "1 for every class" }),
  sampling: z
    .enum(["plain", "balanced"])
    .default("plain")
    .describe("balanced: repeat samples in an epoch until every class is as large as the largest"),
  imageSize: z
    .int()
    .min(8)
    .optional()
    .describe("side in pixels that images of a folder are resized to")
    .meta({ defaultText: "that of all images, if equal and at most 224; else their median short side, at most 224" }),
  augment: z
    .enum(["none", "crop", "crop-flip", ...viewPresets])
    .optional()
    .describe("augmentation of training images")
    .meta({ defaultText: "the method's, or crop-flip, for color images; none for gray ones and arrays" }),
  cropPadding: z
    .int()
    .min(0)
    .optional()
    .describe("zero pixels around an image before it is cropped")
    .meta({ defaultText: "an eighth of its smaller side" }),
  rotation: z.number().min(0).max(180).default(0).describe("largest angle of random rotations, in degrees"),
  randAugment: z
    .string()
    .optional()
    .describe("random operations on training images: OPERATIONS:MAGNITUDE, such as 2:9, or trivial (TrivialAugment)")
    .meta({ argument: "n:m", defaultText: "none" }),
  randomErasing: z.number().min(0).max(1).default(0).describe("probability that a rectangle of an image is erased"),
  mean: z
    .array(z.number())
    .optional()
    .describe("mean of each channel, pixel values from 0 to 1")
    .meta({ defaultText: "of the data, or 0 for adversarial training" }),
  std: z
    .array(positive())
    .optional()
    .describe("standard deviation of each channel")
    .meta({ defaultText: "of the data, or 1 for adversarial training" }),

  model: z
    .string()
    .optional()
    .describe("network, such as resnet18, vit-s-14-dinov2 or onnx:FILE for a frozen encoder; a wrong name lists all")
    .meta({ defaultText: `${defaultModels.images} for images, ${defaultModels.arrays} for arrays` }),
  width: count().default(DEFAULT_WIDTH).describe("base width of ResNets, wide ResNets, VGG and MLPs"),
  stem: stemOption(),
  dropPath: dropPathOption(),
  weights: filePath("file").optional().describe("initial weights: .safetensors, .pth or a run folder"),

  freeze: z
    .union([z.enum(["none", "backbone"]), count()])
    .default("none")
    .describe("freeze the backbone: in all epochs (backbone) or in the first N")
    .meta({ argument: "none|backbone|N", expected: "none, backbone or a whole number of at least 1" }),
  headLr: positive()
    .optional()
    .describe("initial learning rate of the classifier")
    .meta({ defaultText: "that of the other layers" }),
  layerDecay: fractionToOne()
    .optional()
    .describe("factor of the learning rate from each layer to the one before it")
    .meta({ defaultText: "1" }),
  gradientCheckpointing: z
    .boolean()
    .default(false)
    .describe("compute blocks of vision transformers and ConvNeXt again for their gradients, to save memory"),
  decayOn: z
    .enum(["all", "weights"])
    .optional()
    .describe("parameters to decay: all, or weights, without biases, norms and embeddings")
    .meta({ defaultText: "weights for vision transformers and ConvNeXt, else all" }),

  objective: z
    .string()
    .default(() => defaultMethod.name)
    .describe("training method"),

  epochs: count().default(200).describe("passes over the training data"),
  batchSize: count(2)
    .optional()
    .describe("samples per step")
    .meta({ defaultText: "128; 256 without labels; fewer for small data" }),
  accumulate: count().default(1).describe("parts to split each batch into, to save memory"),
  optimizer: z
    .enum(["sgd", "adam", "adamw", "lars", CUSTOM])
    .default("sgd")
    .describe("update rule of the weights")
    .meta({ argument: "sgd|adam|adamw|lars", expected: "sgd, adam, adamw or lars" }),
  lr: positive()
    .optional()
    .describe("learning rate")
    .meta({ defaultText: "0.1; 0.001 for adam; a tenth of that with --weights; 0.06 x batch / 256 without labels" }),
  schedule: z.enum(["cosine", "step", "constant", "one-cycle"]).default("cosine").describe("learning rate schedule"),
  minLr: z
    .number()
    .min(0)
    .optional()
    .describe("learning rate at the end of the schedule")
    .meta({ defaultText: "0; lr / 250000 for one-cycle" }),
  milestones: z.array(z.int().min(0)).default([]).describe("epochs at which the step schedule lowers the rate"),
  stepFactor: positive().default(0.1).describe("factor of the step schedule at each milestone"),
  warmupEpochs: z.number().min(0).default(0).describe("epochs of linear warmup"),
  momentum: z.number().min(0).lt(1).default(0.9).describe("momentum of sgd and lars"),
  nesterov: z.boolean().default(false).describe("use Nesterov momentum"),
  weightDecay: z.number().min(0).default(5e-4).describe("weight decay"),
  emaDecay: fractionBelowOne()
    .optional()
    .describe("decay of an exponential moving average of the weights, which is then evaluated"),
  clipGradNorm: positive().optional().describe("largest norm of the gradient"),
  patience: count().optional().describe("stop after this many epochs without a better validation accuracy"),
  trackDynamics: z
    .boolean()
    .default(false)
    .describe("log accuracy on training and held-out samples by given and true labels each epoch"),
  mcPasses: z.int().min(0).default(0).describe("passes of MC dropout over the test set at the end; 0 for none"),
  keepFrom: z
    .int()
    .min(0)
    .optional()
    .describe("first epoch whose weights are kept in checkpoint/epoch-N")
    .meta({ defaultText: "none" }),
  keepLast: count()
    .optional()
    .describe("keep the weights of the last n epochs in checkpoint/epoch-N")
    .meta({ defaultText: "none" }),
  keepEvery: count()
    .optional()
    .describe("keep the weights of every N-th epoch in checkpoint/epoch-N")
    .meta({ defaultText: "none" }),
  evalEvery: count().default(1).describe("epochs between evaluations; the last epoch is always evaluated"),

  tensorboard: z.boolean().default(false).describe("write event files for TensorBoard into the run folder"),

  seed: seed().default(0),
  precision: precision().default("auto"),
  kernels: kernels().default("auto"),
  device: device().default("auto"),
});

/** The keys of a recipe: those of every run, and those of its method. */
export type RecipeInput = z.input<typeof coreSchema> & MethodInput;
/** A recipe with the defaults filled in, with the keys of its method. */
export type Recipe = z.output<typeof coreSchema> & MethodOptions;
export type RecipeKey = keyof Recipe;

/** The keys that every method's recipe has. */
export const coreShape: z.ZodRawShape = coreSchema.shape;

/** Keys that have no meaning without labels. */
export const labeledKeys: readonly RecipeKey[] = [
  "valFraction",
  "trackDynamics",
  "mcPasses",
  "pinned",
  "classWeights",
  "sampling",
];

/** The titles of groups of keys, by their first key. */
const groupTitles: Readonly<Record<string, string>> = {
  data: "Data",
  model: "Network",
  objective: "Method",
  epochs: "Training",
  seed: "Machine",
};

/** The keys that every method's recipe has, in groups, for help texts and forms. */
export function recipeGroups(): { readonly title: string; readonly shape: z.ZodRawShape }[] {
  const groups: { title: string; shape: Record<string, z.core.$ZodType> }[] = [];
  for (const [key, field] of Object.entries(coreShape)) {
    if (groupTitles[key] !== undefined) groups.push({ title: groupTitles[key], shape: {} });
    groups.at(-1)!.shape[key] = field;
  }
  return groups;
}

/** All recipe keys of all methods. */
export function recipeKeys(): RecipeKey[] {
  const own = methods().flatMap(({ options }) => Object.keys(options));
  return [...new Set([...Object.keys(coreShape), ...own])] as RecipeKey[];
}

/** @throws InputError for a key that no method has, or that only other methods have. */
function requireKnown(key: string, value: unknown, method: Method): void {
  if (key in coreShape || key in method.options) return;
  const others = methodsWith(key).map(({ name }) => name);
  if (others.length === 0) throw new InputError(`unknown recipe key "${key}"${didYouMean(key, recipeKeys())}`);
  throw new InputError(
    `${option(key)}: received ${describeValue(value)} with ${option("objective", method.name)}; it is an option of ${others.join(", ")}`,
  );
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
  for (const [key, value] of Object.entries(given)) requireKnown(key, value, method);
  return parseOptions(z.object({ ...coreShape, ...method.options }), given) as Recipe & Record<string, unknown>;
}

/** The recipe with absolute paths, so that a run can be resumed from any folder. */
export function withAbsolutePaths(recipe: Recipe): Recipe {
  const shape: z.ZodRawShape = { ...coreShape, ...methodNamed(recipe.objective).options };
  const paths = Object.entries(recipe).filter(
    ([key, value]) => typeof value === "string" && shapesNamed(value) === null && isPath(shape[key] as z.ZodType),
  );
  const { model } = recipe;
  return {
    ...recipe,
    ...(model !== undefined && isOnnxName(model) && { model: withOnnxPath(model, (path) => resolve(path)) }),
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
