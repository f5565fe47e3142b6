// Fills in the options that a recipe leaves open, from the data and by the paper's rules.
import { defaultViews, drawsViews, holdsBytes, parseAutoAugment, type Samples } from "../../data/index.js";
import { InputError } from "../../errors.js";
import { type Family, type Method, methodNamed, optionsOf } from "../../methods/index.js";
import { canCheckpoint, decayByDefault, defaultModels, isOnnxName } from "../../models/index.js";
import { option } from "../../options/index.js";
import { chooseDevice, fastestPrecision } from "../../torch/index.js";
import { labeledKeys, type Recipe } from "./schema.js";

/** The keys that are resolved here. */
type Resolved = "model" | "augment" | "batchSize" | "lr" | "precision" | "decayOn";

export type ResolvedRecipe = Recipe & { readonly [Key in Resolved]-?: NonNullable<Recipe[Key]> };

/** The largest power of two that is at most a quarter of the samples and at most `most`. */
function fittingBatch(samples: number, most: number): number {
  return Math.max(2, Math.min(most, 2 ** Math.floor(Math.log2(Math.max(2, samples / 4)))));
}

/** @see Chen and He 2021, appendix D (arXiv 2011.10566), whose rate for CIFAR-10 is 0.03 for batches of 256 */
function learningRate({ optimizer, weights }: Recipe, family: Family, batchSize: number): number {
  if (optimizer === "sgd" && family === "self-supervised") return (0.06 * batchSize) / 256;
  const rate = optimizer === "sgd" || optimizer === "lars" ? 0.1 : 0.001;
  return weights === undefined ? rate : rate / 10;
}

/** @throws InputError for gradient checkpointing of other networks, or under attacks, which differentiate by themselves. */
function checkCheckpointing({ gradientCheckpointing }: Recipe, model: string, { name, family }: Method): void {
  if (!gradientCheckpointing) return;
  if (!canCheckpoint(model)) {
    throw new InputError(
      `${option("gradientCheckpointing")} is for vision transformers and ConvNeXt; received it with ${option("model", model)}`,
    );
  }
  if (family === "adversarial") {
    throw new InputError(`${option("gradientCheckpointing")} cannot be combined with ${option("objective", name)}`);
  }
}

/** An encoder from a file is always frozen. @throws InputError where it is to be trained from some epoch on. */
function freezeOf({ model, freeze }: Recipe): Recipe["freeze"] {
  if (model === undefined || !isOnnxName(model)) return freeze;
  if (typeof freeze !== "number") return "backbone";
  throw new InputError(
    `${option("freeze", String(freeze))}: the encoder of ${option("model", model)} cannot be trained; expected backbone`,
  );
}

/** The fastest precision here, recorded, so that a run keeps it on any machine. */
function precisionHere({ device, kernels }: Recipe): "bf16" | "fp32" {
  return fastestPrecision(chooseDevice(device), kernels) === "bfloat16" ? "bf16" : "fp32";
}

/** @throws InputError for options that need labels, for a self-supervised method. */
function checkSelfSupervised(recipe: Recipe): void {
  const idle = labeledKeys.find((key) => recipe[key] && recipe[key] !== "plain");
  if (idle === undefined) return;
  throw new InputError(
    `${option(idle)} needs labels; received ${recipe[idle]} with ${option("objective", recipe.objective)}, which trains without labels`,
  );
}

/** @throws InputError for weights of classes or balanced sampling that the method has no place for. */
function checkBalance({ classWeights, sampling }: Recipe, { name, ...method }: Method): void {
  const received = [
    ...(classWeights === undefined ? [] : [option("classWeights", classWeights)]),
    ...(sampling === "plain" ? [] : [option("sampling", sampling)]),
  ];
  if (classWeights !== undefined && method.classWeights === false) {
    throw new InputError(
      `${received[0]}: the loss of ${option("objective", name)} is no mean over samples with one label each; expected ${option("sampling", "balanced")} instead`,
    );
  }
  if (classWeights === "balanced" && sampling === "balanced") {
    throw new InputError(`${received.join(" and ")} both balance the classes; expected one of the two`);
  }
}

/** @throws InputError for the first pair of options that contradict each other. */
function checkCombinations(
  { patience, valFraction, optimizer, nesterov, momentum, schedule, milestones, warmupEpochs, minLr }: Recipe,
  hasValidation: boolean,
): void {
  if (schedule === "one-cycle" && warmupEpochs > 0) {
    throw new InputError(
      `${option("schedule", schedule)} begins with a warm-up of its own; received ${option("warmupEpochs", warmupEpochs)}, expected none`,
    );
  }
  if (schedule === "constant" && minLr !== undefined) {
    throw new InputError(
      `${option("minLr", minLr)} is where a schedule ends; received ${option("schedule", schedule)}`,
    );
  }
  if (patience !== undefined && valFraction === undefined && !hasValidation) {
    throw new InputError(
      `${option("patience", patience)} watches the validation accuracy; give ${option("valFraction")} too, such as 0.1`,
    );
  }
  if (nesterov && optimizer !== "sgd") {
    throw new InputError(
      `${option("nesterov")} is a form of SGD's momentum; received ${option("optimizer", optimizer)}`,
    );
  }
  if (nesterov && momentum === 0) {
    throw new InputError(
      `${option("nesterov")} is a form of momentum; received ${option("momentum", 0)}, expected a number over 0`,
    );
  }
  if (schedule !== "step" && milestones.length > 0) {
    throw new InputError(
      `${option("milestones", milestones.join(","))} are of the step schedule; received ${option("schedule", schedule)}`,
    );
  }
  if (schedule === "step" && milestones.length === 0) {
    throw new InputError(
      `${option("schedule", "step")} needs ${option("milestones")}: received none; expected epochs, such as 60,120`,
    );
  }
}

/** @throws InputError for samples that have no pixels to attack. */
function checkAttacked(objective: string, samples: Samples): void {
  const { shape } = samples;
  if (shape.length === 3 && holdsBytes(samples)) return;
  const received = `${shape.length === 3 ? "images of numbers" : "arrays"} of ${shape.join(" x ")}`;
  throw new InputError(
    `${option("objective", objective)} attacks images within their pixels' range; these samples are ${received}; expected 8-bit images`,
  );
}

/**
 * Crops and flips for a classifier of color images; the authors' views for a self-supervised method, or crops and flips of gray images: it needs two
 * views that differ.
 */
function defaultAugmentation({ family, augment }: Method, [channels]: readonly number[]): string {
  if (family === "self-supervised") return channels === 3 ? (augment ?? defaultViews) : "crop-flip";
  return channels === 3 ? "crop-flip" : "none";
}

/** @throws InputError for augmentation options that do not fit the data. */
function checkAugmentation({ cropPadding, rotation }: Recipe, augment: string, shape: readonly number[]): void {
  if (drawsViews(augment) && (shape.length !== 3 || shape[0] !== 3)) {
    throw new InputError(
      `${option("augment", augment)} is for color images; these samples are ${shape.join(" x ")}: use crop-flip or none`,
    );
  }
  if (augment !== "none" && shape.length !== 3) {
    throw new InputError(
      `${option("augment", augment)} is for images; these samples are arrays of ${shape.join(" x ")}: use none`,
    );
  }
  const idle =
    rotation > 0 ? option("rotation", rotation) : cropPadding !== undefined && option("cropPadding", cropPadding);
  if ((augment === "none" || drawsViews(augment)) && idle) {
    throw new InputError(
      `${idle} needs augmentation; here it is ${option("augment", augment)}, expected crop or crop-flip`,
    );
  }
  const least = Math.min(...shape.slice(1));
  if (cropPadding !== undefined && cropPadding >= least) {
    throw new InputError(
      `${option("cropPadding", cropPadding)} crops images away; expected less than their ${least} pixels`,
    );
  }
}

/** @throws InputError for RandAugment or erasing of samples that are no images, or of views. */
function checkPixelAugmentation({ randAugment, randomErasing }: Recipe, augment: string, data: Samples): void {
  const given = [
    ...(randAugment === undefined ? [] : [option("randAugment", randAugment)]),
    ...(randomErasing === 0 ? [] : [option("randomErasing", randomErasing)]),
  ];
  if (randAugment !== undefined) parseAutoAugment(randAugment);
  if (given.length === 0) return;
  if (data.shape.length !== 3 || (randAugment !== undefined && !holdsBytes(data))) {
    throw new InputError(`${given[0]} is for 8-bit images; these samples are ${data.shape.join(" x ")}`);
  }
  if (drawsViews(augment)) {
    throw new InputError(`${given[0]} goes with crop, crop-flip or none; received ${option("augment", augment)}`);
  }
}

/** @throws InputError for CutMix of samples that are no images. */
function checkMixing({ cutmixAlpha }: Recipe, shape: readonly number[]): void {
  if (cutmixAlpha === undefined || shape.length === 3) return;
  throw new InputError(
    `${option("cutmixAlpha", cutmixAlpha)} is for images; these samples are arrays of ${shape.join(" x ")}: use ${option("mixupAlpha")}`,
  );
}

function checkBatch(batchSize: number, accumulate: number, samples: number): void {
  if (samples < 2) throw new InputError(`there is ${samples} training sample; expected two or more`);
  if (batchSize > samples) {
    throw new InputError(
      `${option("batchSize", batchSize)} is larger than the training data; it has ${samples} samples`,
    );
  }
  if (2 * accumulate > batchSize) {
    const most = Math.floor(batchSize / 2);
    throw new InputError(
      `${option("accumulate", accumulate)} leaves less than two samples a part of a batch of ${batchSize}; expected 1 to ${most}`,
    );
  }
}

/** What defaults depend on, in addition to the samples. */
export interface DataFacts {
  /** Whether the data has samples for validation. */
  readonly hasValidation?: boolean;
  readonly classes?: number;
  readonly format?: string;
}

/**
 * Resolves what the recipe leaves open, for a training part of `samples` samples.
 * @throws InputError when the batch is larger than the data, when options contradict each other, or CUDA is absent.
 */
export function resolveRecipe(
  recipe: Recipe,
  data: Samples,
  samples: number,
  { hasValidation = false, classes = 0, format = "" }: DataFacts = {},
): ResolvedRecipe {
  const { shape } = data;
  const images = shape.length === 3;
  const method = methodNamed(recipe.objective);
  const { family } = method;
  // Features of a frozen backbone are computed once, which augmentation forbids.
  const freeze = freezeOf(recipe);
  const augment = recipe.augment ?? (images && freeze !== "backbone" ? defaultAugmentation(method, shape) : "none");
  const batchSize = recipe.batchSize ?? fittingBatch(samples, family === "self-supervised" ? 256 : 128);
  checkBatch(batchSize, recipe.accumulate, samples);
  checkCombinations(recipe, hasValidation);
  if (family === "self-supervised") checkSelfSupervised(recipe);
  checkBalance(recipe, method);
  if (family === "adversarial") checkAttacked(method.name, data);
  checkAugmentation(recipe, augment, shape);
  checkMixing(recipe, shape);
  checkPixelAugmentation(recipe, augment, data);
  const model = recipe.model ?? (images ? defaultModels.images : defaultModels.arrays);
  checkCheckpointing(recipe, model, method);
  const precision = recipe.precision === "auto" ? precisionHere(recipe) : recipe.precision;
  const stream = data.kind === "streamed" ? "always" : "never";
  const lr = recipe.lr ?? learningRate(recipe, family, batchSize);
  if (recipe.minLr !== undefined && recipe.minLr > lr) {
    throw new InputError(`${option("minLr", recipe.minLr)} is above the learning rate ${lr}; expected at most that`);
  }
  const decayOn = recipe.decayOn ?? decayByDefault(model);
  const facts = { augment, width: recipe.width, epochs: recipe.epochs, classes, format };
  const open = method.resolve?.(optionsOf(method, recipe), facts) ?? {};
  return {
    ...definedOnly(recipe),
    ...open,
    stream,
    model,
    augment,
    batchSize,
    precision,
    lr,
    decayOn,
    freeze,
  } as ResolvedRecipe;
}

function definedOnly<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
