// Everything that determines a run: each option declared once, for its type, its check, its flag and its line of help.
import { resolve } from "node:path";
import { z } from "zod";
import { withNoisePath } from "../../data/noise/spec.js";
import { didYouMean, InputError } from "../../errors.js";

const count = () => z.int().min(1);
const share = () => z.number().min(0).max(1);
const positive = () => z.number().positive();

/** The methods that learn from labels and from attacks on the images. */
export const adversarialMethods = {
  trades: "TRADES",
  "trades-sat": "self-adaptive TRADES",
  "pgd-at": "PGD adversarial training",
} as const;

/** The methods that learn from labels: what a recipe calls each, and what it is called in print. */
export const supervisedMethods = {
  ce: "cross entropy",
  sat: "self-adaptive training",
  "label-smoothing": "label smoothing",
  mixup: "mixup",
  "bootstrap-soft": "soft bootstrapping",
  "bootstrap-hard": "hard bootstrapping",
  forward: "forward correction",
  gce: "generalised cross entropy",
  sce: "symmetric cross entropy",
  elr: "early-learning regularisation",
  "sat-selective": "self-adaptive selective classification",
  "deep-gamblers": "Deep Gamblers",
  selectivenet: "SelectiveNet",
  ...adversarialMethods,
} as const;

/** The methods that learn without labels, which `pretrain` is for. */
export const selfSupervisedMethods = {
  "sat-ssl": "self-adaptive self-supervised training",
  byol: "BYOL",
  simsiam: "SimSiam",
  simclr: "SimCLR",
  moco: "MoCo v2",
  "fixed-random": "prediction of a fixed network",
} as const;

export const methods = { ...supervisedMethods, ...selfSupervisedMethods } as const;

export type Method = keyof typeof methods;
export type SelfSupervisedMethod = keyof typeof selfSupervisedMethods;
export type AdversarialMethod = keyof typeof adversarialMethods;

const methodNames = Object.keys(methods) as [Method, ...Method[]];

/** Whether a method learns representations, without labels; the others answer with classes. */
export function learnsWithoutLabels(method: Method): method is SelfSupervisedMethod {
  return Object.hasOwn(selfSupervisedMethods, method);
}

/** Whether a method trains on attacked images; the others take them as they are. */
export function learnsFromAttacks(method: Method): method is AdversarialMethod {
  return Object.hasOwn(adversarialMethods, method);
}

/** `8/255` as a number; what is none stays as it is. */
function fractionOf(text: string): number | string {
  const [, above, below] = text.match(/^(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/) ?? [];
  return below === undefined ? text : Number(above) / Number(below);
}

/** The options as a user may give them; what is left out is chosen from the data, the model and the paper's rules. */
export const recipeSchema = z.strictObject({
  data: z.string().describe("folder or file with the training data"),
  format: z.string().optional().describe("how the data lies on disk; recognised unless given"),
  labels: z.string().optional().describe("file of training labels that replace the data's own (.npy or .csv)"),
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

  model: z.string().optional().describe("network; resnet18 for images and mlp for arrays unless given"),
  width: count().default(64).describe("base width of the network"),
  stem: z.enum(["cifar", "imagenet"]).optional().describe("how a ResNet begins; chosen by the image size unless given"),
  weights: z.string().optional().describe("weights to start from: .safetensors, .pth or a run folder"),

  objective: z.enum(methodNames).default("sat").describe("training method"),
  form: z.enum(["ce", "sce"]).default("ce").describe("the self-adaptive loss: cross entropy or symmetric"),
  startEpoch: z
    .union([z.int().min(0), z.literal("auto")], { error: "expected a whole number of at least 0, or auto" })
    .default("auto")
    .describe(
      "epoch, from 0, in which sat's targets move and forward corrects; auto finds it (trades-sat: after 0.69 of all epochs)",
    ),
  targetMomentum: share().optional().describe("share of a target that each visit leaves in place"),
  smoothing: share()
    .optional()
    .describe("label-smoothing: share of a target spread over all classes; 0.1 unless given"),
  mixupAlpha: positive().optional().describe("mixup: a of Beta(a, a), the mixing shares' distribution; 1 unless given"),
  bootstrapBeta: share().optional().describe("bootstrap: the label's share; 0.95 (soft) or 0.8 (hard) unless given"),
  transition: z.string().optional().describe("forward: matrix of the noise (.npy or .csv); estimated unless given"),
  gceQ: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe("gce: from cross entropy, 0, to absolute error, 1; 0.7 unless given"),
  sceAlpha: z.number().min(0).optional().describe("sce: weight of cross entropy; 0.1 unless given"),
  sceBeta: z.number().min(0).optional().describe("sce: weight of reverse cross entropy; 1 unless given"),
  elrLambda: z.number().min(0).optional().describe("elr: weight of the regulariser; 3 unless given"),
  elrBeta: share().optional().describe("elr: share of a target that each visit leaves in place; 0.7 unless given"),
  pretrainEpochs: z
    .int()
    .min(0)
    .optional()
    .describe("sat-selective, deep-gamblers: epochs of cross entropy first; 0, or the authors' rule, unless given"),
  reward: z.number().gt(1).optional().describe("deep-gamblers: what a right bet pays; 2.2 unless given"),
  targetCoverage: share().optional().describe("selectivenet: share of the samples to answer; 0.8 unless given"),
  coverageWeight: z
    .number()
    .min(0)
    .optional()
    .describe("selectivenet: weight of answering fewer than that; 32 unless given"),
  selectiveShare: share()
    .optional()
    .describe("selectivenet: share of the selective loss, the rest being the auxiliary head's; 0.5 unless given"),
  epsilon: z
    .union([z.number(), z.string()])
    .transform((given) => (typeof given === "string" ? fractionOf(given) : given))
    .pipe(z.number({ error: "expected a number above 0 and at most 1, or a fraction such as 8/255" }).gt(0).max(1))
    .optional()
    .describe("trades, pgd-at: how far an attack moves pixels, from 0 to 1, such as 8/255; 0.031 unless given"),
  attackSteps: count().optional().describe("trades, pgd-at: steps of the attack on each batch; 10 unless given"),
  attackStepSize: positive().optional().describe("trades, pgd-at: how far a step moves a pixel; 0.007 unless given"),
  tradesBeta: z
    .number()
    .min(0)
    .optional()
    .describe("trades: what agreement with the attacked images weighs; 6 unless given"),
  robustSamples: z
    .int()
    .min(0)
    .optional()
    .describe("trades, pgd-at: test images attacked at each evaluation, by PGD-20; 1000 unless given, 0 for none"),
  dimension: count().optional().describe("without labels: numbers of a representation; 256 unless given"),
  headWidth: count().optional().describe("without labels: units inside of projector and predictor; 2048 unless given"),
  projectorNorm: z
    .boolean()
    .optional()
    .describe(
      "without labels: whether the projector ends in batch norm; so for sat-ssl, simsiam, fixed-random unless given",
    ),
  slowMomentum: share()
    .optional()
    .describe("sat-ssl, byol, moco: share of the slow network that a step leaves in place; 0.99 unless given"),
  slowSchedule: z
    .enum(["constant", "cosine"])
    .optional()
    .describe("sat-ssl, byol, moco: whether that share rises to 1; cosine for byol, else constant unless given"),
  initialTargets: z
    .enum(["visit", "random"])
    .optional()
    .describe("sat-ssl: targets begin as a sample's first representation or as random directions; visit unless given"),
  targetsDtype: z
    .enum(["float32", "float16"])
    .optional()
    .describe("sat-ssl, moco: what targets, or the queue, are kept in; float32 unless given"),
  targetsDevice: z
    .enum(["device", "host"])
    .optional()
    .describe("sat-ssl, moco: kept where training computes or in the host's memory; device unless given"),
  temperature: positive()
    .optional()
    .describe("simclr, moco: what similarities are divided by; 0.5 (simclr) or 0.2 (moco) unless given"),
  queue: count().optional().describe("moco: representations of earlier steps to tell from; 4096 unless given"),
  teacher: z
    .string()
    .optional()
    .describe("fixed-random: the network to predict: a run folder or weights; a random one unless given"),

  epochs: count().default(200).describe("passes over the training data"),
  batchSize: z
    .int()
    .min(2)
    .optional()
    .describe("samples a step, two or more; 128, without labels 256, unless given, fewer for small data"),
  accumulate: count().default(1).describe("parts that each batch is split into, to save memory"),
  optimizer: z.enum(["sgd", "adam", "adamw", "lars"]).default("sgd").describe("update rule"),
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

  seed: z.int().min(0).default(0).describe("where all randomness starts"),
  precision: z.enum(["auto", "fp32", "bf16", "fp64"]).default("auto").describe("what convolutions compute in"),
  kernels: z
    .enum(["auto", "amx", "avx512", "winograd", "stock"])
    .default("auto")
    .describe("what runs the convolutions: packed kernels, where the CPU can, or stock ones"),
  device: z.string().default("auto").describe("auto, cpu, cuda or cuda:N"),
});

export type RecipeInput = z.input<typeof recipeSchema>;
export type Recipe = z.output<typeof recipeSchema>;
export type RecipeKey = keyof Recipe;

export const recipeKeys = Object.keys(recipeSchema.shape) as RecipeKey[];

/** The flag of a key: `batchSize` is `--batch-size`. */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}

/** One line for the first thing wrong: the key, the value received, what is expected. */
function firstProblem(issues: readonly z.core.$ZodIssue[], input: unknown): string {
  const issue = issues[0]!;
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0] as string;
    return `unknown recipe key "${key}"${didYouMean(key, recipeKeys)}`;
  }
  const received = valueAt(input, issue.path);
  if (issue.path.length === 0) return `a recipe is a list of "key: value" lines; received ${describeValue(received)}`;
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

/** Checks a recipe and fills in the fixed defaults. @throws InputError naming the first key that is unknown or out of range. */
export function parseRecipe(input: unknown): Recipe {
  const parsed = recipeSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InputError(firstProblem(parsed.error.issues, input));
}

/** The recipe with every file named from the root, so that a run finds them again from wherever it is gone on with. */
export function withWholePaths(recipe: Recipe): Recipe {
  const { data, labels, weights, noise, transition, teacher } = recipe;
  return {
    ...recipe,
    data: resolve(data),
    noise: withNoisePath(noise, (path) => resolve(path)),
    ...(labels !== undefined && { labels: resolve(labels) }),
    ...(weights !== undefined && { weights: resolve(weights) }),
    ...(transition !== undefined && { transition: resolve(transition) }),
    ...(teacher !== undefined && { teacher: resolve(teacher) }),
  };
}
