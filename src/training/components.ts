// The parts that a recipe names: objective, optimiser, schedule.
import { InputError } from "../errors.js";
import {
  type AdversarialOptions,
  type AttackedNetwork,
  bootstrapping,
  byol,
  crossEntropy,
  deepGamblers,
  earlyLearning,
  fixedTargets,
  forwardCorrection,
  gamblersPretraining,
  generalisedCrossEntropy,
  labelSmoothing,
  madry,
  mixup,
  moco,
  type Objective,
  risingMomentum,
  type SelfSupervisedObjective,
  type SlowNetwork,
  selectiveNet,
  selectiveSelfAdaptive,
  selfAdaptive,
  selfAdaptiveRepresentations,
  simClr,
  simSiam,
  symmetricCrossEntropy,
  trades,
  withFoundStart,
} from "../objectives/index.js";
import type { Prepared } from "../runs/prepare.js";
import type { ResolvedRecipe, UnlabelledRecipe } from "../runs/recipe/resolve.js";
import type { Method, SelfSupervisedMethod } from "../runs/recipe/schema.js";
import { type DType, optim, type Tensor } from "../torch/index.js";

export interface Placement {
  readonly device: string;
  /** The element type of weights, losses and targets. */
  readonly dtype: DType;
}

/** When targets start to move; infinitely late while that is to be found out. */
export interface Start {
  epoch: number;
}

type MakeObjective = (prepared: Prepared, placement: Placement, start: Start, network: AttackedNetwork) => Objective;

const makeObjective: Readonly<Record<Exclude<Method, SelfSupervisedMethod>, MakeObjective>> = {
  ce: () => crossEntropy(),
  sat: makeSelfAdaptive,
  "label-smoothing": ({ recipe }) => labelSmoothing({ smoothing: recipe.smoothing }),
  mixup: ({ recipe }) => mixup({ alpha: recipe.mixupAlpha }),
  "bootstrap-soft": ({ recipe }) => bootstrapping({ form: "soft", beta: recipe.bootstrapBeta }),
  "bootstrap-hard": ({ recipe }) => bootstrapping({ form: "hard", beta: recipe.bootstrapBeta }),
  forward: makeForward,
  gce: ({ recipe }) => generalisedCrossEntropy({ q: recipe.gceQ }),
  sce: ({ recipe }) => symmetricCrossEntropy({ alpha: recipe.sceAlpha, beta: recipe.sceBeta }),
  elr: ({ recipe, train, classes }, placement) =>
    earlyLearning({
      samples: train.labels.length,
      classes: classes.length,
      lambda: recipe.elrLambda,
      beta: recipe.elrBeta,
      ...placement,
    }),
  "sat-selective": ({ recipe, train, classes }, placement) =>
    selectiveSelfAdaptive({
      labels: train.labels,
      classes: classes.length,
      momentum: recipe.targetMomentum,
      pretrainEpochs: recipe.pretrainEpochs ?? 0,
      ...placement,
    }),
  "deep-gamblers": makeGamblers,
  selectivenet: ({ recipe: { targetCoverage, coverageWeight, selectiveShare }, classes }) =>
    selectiveNet({ classes: classes.length, targetCoverage, coverageWeight, selectiveShare }),
  trades: (prepared, _placement, _start, network) =>
    trades({ ...attackOf(prepared, network), tradesBeta: prepared.recipe.tradesBeta }),
  "trades-sat": (prepared, placement, start, network) =>
    trades({
      ...attackOf(prepared, network),
      tradesBeta: prepared.recipe.tradesBeta,
      natural: makeSelfAdaptive(prepared, placement, start),
    }),
  "pgd-at": (prepared, _placement, _start, network) => madry(attackOf(prepared, network)),
};

function attackOf({ recipe, normalisation }: Prepared, network: AttackedNetwork): AdversarialOptions {
  const { epsilon, attackSteps, attackStepSize } = recipe;
  return { network, normalisation, epsilon, attackSteps, attackStepSize };
}

function makeGamblers({ recipe, classes, format }: Prepared): Objective {
  const { reward = 2.2, epochs } = recipe;
  const rule = () => gamblersPretraining({ reward, classes: classes.length, svhn: format === "svhn", epochs });
  return deepGamblers({ classes: classes.length, reward, pretrainEpochs: recipe.pretrainEpochs ?? rule() });
}

function makeSelfAdaptive({ recipe, train, classes }: Prepared, placement: Placement, start: Start): Objective {
  const { targetMomentum: momentum, form } = recipe;
  const moving = { momentum, startEpoch: () => start.epoch };
  const objective = selfAdaptive({ ...moving, labels: train.labels, classes: classes.length, form, ...placement });
  return recipe.startEpoch === "auto" ? withFoundStart(objective, moving) : objective;
}

function makeForward({ recipe, train, classes, transition }: Prepared, placement: Placement, start: Start): Objective {
  if (transition === null && recipe.startEpoch === 0) {
    throw new InputError(
      "--objective forward estimates its transition matrix before --start-epoch; received 0; expected 1 or more, or --transition FILE",
    );
  }
  const size = { samples: train.labels.length, classes: classes.length };
  return forwardCorrection({
    ...size,
    transition: transition?.flat(),
    startEpoch: () => start.epoch,
    ...placement,
  });
}

/**
 * The objective of a run, its state at the beginning; `network` is the one that it trains.
 * @throws InputError where the method cannot work with the recipe.
 */
export function createObjective(
  prepared: Prepared,
  placement: Placement,
  start: Start,
  network: AttackedNetwork,
): Objective {
  return makeObjective[prepared.recipe.objective as keyof typeof makeObjective](prepared, placement, start, network);
}

interface Learning {
  readonly recipe: UnlabelledRecipe;
  /** How many training records there are. */
  readonly samples: number;
  readonly device: string;
  readonly slow: SlowNetwork | null;
}

/** Targets, or a queue of them. */
const keptIn = ({ recipe: { dimension, targetsDtype: dtype, targetsDevice }, device }: Learning) => ({
  dimension,
  dtype,
  device: targetsDevice === "host" ? "cpu" : device,
});

function slowMomentumOf({ slowMomentum, slowSchedule }: UnlabelledRecipe): (done: number) => number {
  return slowSchedule === "cosine" ? risingMomentum(slowMomentum) : () => slowMomentum;
}

/** The objective of a run without labels, its state at the beginning; `slow` is the network that its targets come from. */
export function createUnlabelledObjective(learning: Learning): SelfSupervisedObjective {
  const { recipe, samples, slow } = learning;
  const { objective, targetMomentum, initialTargets, temperature, queue } = recipe;
  if (objective === "simsiam") return simSiam();
  if (objective === "simclr") return simClr({ temperature });
  if (slow === null) throw new Error(`${objective} needs a network for its targets`);
  if (objective === "fixed-random") return fixedTargets({ fixed: slow });
  const following = { slow, slowMomentum: slowMomentumOf(recipe) };
  if (objective === "byol") return byol(following);
  if (objective === "moco") return moco({ ...following, ...keptIn(learning), queue, temperature });
  return selfAdaptiveRepresentations({ ...following, ...keptIn(learning), samples, targetMomentum, initialTargets });
}

export function createOptimizer(recipe: ResolvedRecipe, parameters: readonly Tensor[]): optim.Optimizer {
  const { optimizer, lr, momentum, nesterov, weightDecay } = recipe;
  switch (optimizer) {
    case "sgd":
      return optim.sgd(parameters, { lr, momentum, nesterov, weightDecay });
    case "adam":
      return optim.adam(parameters, { lr, weightDecay });
    case "adamw":
      return optim.adamW(parameters, { lr, weightDecay });
    case "lars":
      return optim.lars(parameters, { lr, momentum, weightDecay });
  }
}

/** The learning rate of a step: the schedule moves once an epoch, warm-up with every step. */
export type LearningRate = (epoch: number, step: number) => number;

export function createLearningRate(recipe: ResolvedRecipe, stepsPerEpoch: number): LearningRate {
  const { schedule, lr, epochs, milestones, stepFactor, warmupEpochs } = recipe;
  const schedules = {
    cosine: () => optim.cosine({ lr, epochs }),
    step: () => optim.step({ lr, milestones, factor: stepFactor }),
    constant: () => optim.constant({ lr }),
  };
  const scheduled = schedules[schedule]();
  const warmed = (at: number) => (warmupEpochs === 0 ? 1 : Math.min(1, at / warmupEpochs));
  return (epoch, step) => scheduled(epoch) * warmed(epoch + (step + 1) / stepsPerEpoch);
}
