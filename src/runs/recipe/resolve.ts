// What a recipe leaves open, chosen from the data and by the paper's rules.
import { drawsViews, type Samples } from "../../data/index.js";
import { InputError } from "../../errors.js";
import { chooseDevice, multipliesBfloat16 } from "../../torch/index.js";
import {
  type AdversarialMethod,
  flagOf,
  learnsFromAttacks,
  learnsWithoutLabels,
  type Method,
  type Recipe,
  type SelfSupervisedMethod,
} from "./schema.js";
import { momentumForWidth } from "./width-rule.js";

/** The keys that are left open by a user and settled here. */
type Settled = "model" | "augment" | "targetMomentum" | "batchSize" | "lr" | "precision";

/** And those of methods that learn without labels. */
type SettledUnlabelled =
  | "dimension"
  | "headWidth"
  | "projectorNorm"
  | "slowMomentum"
  | "slowSchedule"
  | "initialTargets"
  | "targetsDtype"
  | "targetsDevice"
  | "temperature"
  | "queue";

/** And those of methods that learn from attacks. */
type SettledAdversarial = "epsilon" | "attackSteps" | "attackStepSize" | "tradesBeta" | "robustSamples";

type With<Key extends keyof Recipe> = { readonly [One in Key]-?: NonNullable<Recipe[One]> };

export type ResolvedRecipe = Recipe & With<Settled>;
export type UnlabelledRecipe = ResolvedRecipe & With<SettledUnlabelled> & { readonly objective: SelfSupervisedMethod };

export type AdversarialRecipe = ResolvedRecipe & With<SettledAdversarial> & { readonly objective: AdversarialMethod };

/** Whether a recipe's method learns without labels. */
export function isUnlabelled(recipe: ResolvedRecipe): recipe is UnlabelledRecipe {
  return learnsWithoutLabels(recipe.objective);
}

/** Whether a recipe's method learns from attacks. */
export function isAdversarial(recipe: ResolvedRecipe): recipe is AdversarialRecipe {
  return learnsFromAttacks(recipe.objective);
}

/** The largest power of two of at most a quarter of the samples, and of at most `most`. */
function fittingBatch(samples: number, most: number): number {
  return Math.max(2, Math.min(most, 2 ** Math.floor(Math.log2(Math.max(2, samples / 4)))));
}

/**
 * The paper's momentum of the self-adaptive targets: 0.9 with augmentation, 0.7 without, by the rule for
 * other widths than 64; of the selective ones always 0.9, of representations 0.7.
 * @see the authors' published code
 */
export function defaultMomentum(of: { objective: Method; augment: string; width: number }): number {
  const { objective, augment, width } = of;
  if (objective === "sat-selective") return 0.9;
  if (learnsWithoutLabels(objective)) return 0.7;
  return momentumForWidth(augment === "none" ? 0.7 : 0.9, width);
}

/** @see Chen and He 2021, appendix D (arXiv 2011.10566), whose rate for CIFAR-10 is 0.03 for batches of 256 */
function learningRate({ optimizer, weights, objective }: Recipe, batchSize: number): number {
  if (optimizer === "sgd" && learnsWithoutLabels(objective)) return (0.06 * batchSize) / 256;
  const rate = optimizer === "sgd" || optimizer === "lars" ? 0.1 : 0.001;
  return weights === undefined ? rate : rate / 10;
}

/** bf16 where the device multiplies it natively, else fp32: written down, so that a run keeps it wherever it goes on. */
function fastestPrecision(device: string): "bf16" | "fp32" {
  return multipliesBfloat16(chooseDevice(device)) ? "bf16" : "fp32";
}

/** @throws InputError for what needs labels of a method that learns without. */
function checkUnlabelled({ objective, valFraction, trackDynamics, mcPasses }: Recipe): void {
  const idle = Object.entries({ valFraction, trackDynamics, mcPasses }).find(([, value]) => value);
  if (idle === undefined) return;
  throw new InputError(
    `${flagOf(idle[0])} judges answers; received ${idle[1]} with --objective ${objective}, which learns without labels`,
  );
}

/** @throws InputError for the first pair of options that contradict each other. */
function checkCombinations({
  patience,
  valFraction,
  optimizer,
  nesterov,
  momentum,
  schedule,
  milestones,
}: Recipe): void {
  if (patience !== undefined && valFraction === undefined) {
    throw new InputError(
      `--patience ${patience} watches the validation accuracy; give --val-fraction too, such as 0.1`,
    );
  }
  if (optimizer === "sgd" && nesterov && momentum === 0) {
    throw new InputError("--nesterov is a form of momentum; received --momentum 0, expected a number over 0");
  }
  if (schedule === "step" && milestones.length === 0) {
    throw new InputError("--schedule step needs --milestones: received none; expected epochs, such as 60,120");
  }
}

/** Of what only methods without labels look at. */
function unlabelledDefaults(objective: SelfSupervisedMethod): With<SettledUnlabelled> {
  return {
    dimension: 256,
    headWidth: 2048,
    projectorNorm: objective === "sat-ssl" || objective === "simsiam" || objective === "fixed-random",
    slowMomentum: 0.99,
    slowSchedule: objective === "byol" ? "cosine" : "constant",
    initialTargets: "visit",
    targetsDtype: "float32",
    targetsDevice: "device",
    temperature: objective === "moco" ? 0.2 : 0.5,
    queue: 4096,
  };
}

/** Of what only methods that learn from attacks look at: the paper's. */
const adversarialDefaults: With<SettledAdversarial> = {
  epsilon: 0.031,
  attackSteps: 10,
  attackStepSize: 0.007,
  tradesBeta: 6,
  robustSamples: 1000,
};

/**
 * The paper's epoch in which targets of attacked networks begin to move, in proportion: 69 of 100, just before the rate first
 * falls. It is not found out: robust overfitting does not show in the losses of samples as they are.
 */
const adversarialStart = (epochs: number) => Math.floor((69 * epochs) / 100);

/** @throws InputError for samples that have no pixels to attack. */
function checkAttacked(objective: AdversarialMethod, { shape, values }: Samples): void {
  if (shape.length === 3 && values instanceof Uint8Array) return;
  const received = `${shape.length === 3 ? "images of numbers" : "arrays"} of ${shape.join(" x ")}`;
  throw new InputError(
    `--objective ${objective} attacks images within their pixels' range; these samples are ${received}; expected 8-bit images`,
  );
}

/** Crops and mirror images for a classifier; the views that its authors drew for a method that learns without labels. */
function usualAugmentation(objective: Method): string {
  if (!learnsWithoutLabels(objective)) return "crop-flip";
  return objective === "byol" ? "byol" : "simclr";
}

/** @throws InputError where images are to be changed that are not, or cannot be. */
function checkAugmentation({ cropPadding, rotation }: Recipe, augment: string, shape: readonly number[]): void {
  if (drawsViews(augment) && (shape.length !== 3 || shape[0] !== 3)) {
    throw new InputError(
      `--augment ${augment} is for colour images; these samples are ${shape.join(" x ")}: use crop-flip or none`,
    );
  }
  if (augment !== "none" && shape.length !== 3) {
    throw new InputError(
      `--augment ${augment} is for images; these samples are arrays of ${shape.join(" x ")}: use none`,
    );
  }
  const idle = rotation > 0 ? `--rotation ${rotation}` : cropPadding !== undefined && `--crop-padding ${cropPadding}`;
  if ((augment === "none" || drawsViews(augment)) && idle) {
    throw new InputError(`${idle} needs augmentation; here it is --augment ${augment}, expected crop or crop-flip`);
  }
  const least = Math.min(...shape.slice(1));
  if (cropPadding !== undefined && cropPadding >= least) {
    throw new InputError(`--crop-padding ${cropPadding} crops images away; expected less than their ${least} pixels`);
  }
}

function checkBatch(batchSize: number, accumulate: number, samples: number): void {
  if (batchSize > samples) {
    throw new InputError(`--batch-size ${batchSize} is larger than the training data; it has ${samples} samples`);
  }
  if (2 * accumulate > batchSize) {
    const most = Math.floor(batchSize / 2);
    throw new InputError(
      `--accumulate ${accumulate} leaves less than two samples a part of a batch of ${batchSize}; expected 1 to ${most}`,
    );
  }
}

/**
 * Settles what the recipe leaves open, for a training part of `samples` samples.
 * @throws InputError when the batch is larger than the data, when options contradict each other, or CUDA is absent.
 */
export function resolveRecipe(recipe: Recipe, data: Samples, samples: number): ResolvedRecipe {
  const { shape, stream: from } = data;
  const images = shape.length === 3;
  const { objective } = recipe;
  const unlabelled = learnsWithoutLabels(objective);
  const augment = recipe.augment ?? (images && shape[0] === 3 ? usualAugmentation(objective) : "none");
  const batchSize = recipe.batchSize ?? fittingBatch(samples, unlabelled ? 256 : 128);
  checkBatch(batchSize, recipe.accumulate, samples);
  checkCombinations(recipe);
  if (unlabelled) checkUnlabelled(recipe);
  if (learnsFromAttacks(objective)) checkAttacked(objective, data);
  checkAugmentation(recipe, augment, shape);
  const model = recipe.model ?? (images ? "resnet18" : "mlp");
  const precision = recipe.precision === "auto" ? fastestPrecision(recipe.device) : recipe.precision;
  const stream = from === undefined ? "never" : "always";
  const startEpoch =
    recipe.startEpoch === "auto" && objective === "trades-sat" ? adversarialStart(recipe.epochs) : recipe.startEpoch;
  const lr = recipe.lr ?? learningRate(recipe, batchSize);
  const settled = { stream, model, augment, batchSize, precision, startEpoch, lr };
  const targetMomentum = defaultMomentum({ augment, width: recipe.width, objective });
  const usual = unlabelled ? unlabelledDefaults(objective) : learnsFromAttacks(objective) ? adversarialDefaults : {};
  return { ...usual, targetMomentum, ...definedOnly(recipe), ...settled } as ResolvedRecipe;
}

function definedOnly<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
