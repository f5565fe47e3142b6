// `trades`, `trades-sat` and `pgd-at`: training on attacked images.
import { pgdTraining, trades as tradesLoss } from "../objectives/index.js";
import { nonNegative } from "../options/index.js";
import { defineMethod, type MethodContext } from "./method.js";
import { attackOptions, resolveMomentum, resolveStep, scheduledTargets, trainingAttack } from "./options.js";
import { selfAdaptiveLoss } from "./sat.js";

interface Attack {
  readonly epsilon: number;
  readonly attackSteps: number;
  readonly attackStepSize?: number | undefined;
}

const attackOn = ({ normalization }: MethodContext, { epsilon, attackSteps, attackStepSize }: Attack) => ({
  normalization,
  epsilon,
  attackSteps,
  attackStepSize,
});

const tradesBeta = nonNegative().default(6).describe("weight of agreement with the attacked images");

export const trades = defineMethod({
  name: "trades",
  title: "TRADES",
  family: "adversarial",
  classWeights: false,
  options: { ...attackOptions, tradesBeta },
  resolve: resolveStep,
  attack: trainingAttack,
  create: (context, options) => tradesLoss({ ...attackOn(context, options), tradesBeta: options.tradesBeta }),
});

/**
 * The paper's start of the targets in adversarial training, in proportion: epoch 69 of 100, just before the rate first falls. It
 * is not detected: robust overfitting does not show in the losses of unattacked samples.
 */
const paperStart = (epochs: number) => Math.floor((69 * epochs) / 100);

export const tradesSat = defineMethod({
  name: "trades-sat",
  title: "self-adaptive TRADES",
  family: "adversarial",
  classWeights: false,
  pinsTargets: true,
  options: { ...attackOptions, tradesBeta, ...scheduledTargets },
  resolve: (options, facts) => ({
    ...resolveMomentum(options, facts),
    ...resolveStep(options),
    startEpoch: options.startEpoch === "auto" ? paperStart(facts.epochs) : options.startEpoch,
  }),
  start: ({ startEpoch }) => ({ epoch: startEpoch, event: "targets start to move" }),
  attack: trainingAttack,
  create: (context, options) =>
    tradesLoss({
      ...attackOn(context, options),
      tradesBeta: options.tradesBeta,
      natural: selfAdaptiveLoss(context, options),
    }),
});

export const pgdAt = defineMethod({
  name: "pgd-at",
  title: "PGD adversarial training",
  family: "adversarial",
  classWeights: false,
  options: attackOptions,
  resolve: resolveStep,
  attack: trainingAttack,
  create: (context, options) => pgdTraining(attackOn(context, options)),
});
