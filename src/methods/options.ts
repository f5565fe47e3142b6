// Options that several methods have, each declared once.
import { z } from "zod";
import { attackDefaults, attackStepFor } from "../objectives/index.js";
import { count, fraction, path, positive, ratio } from "../options/index.js";
import { selfAdaptiveMomentum } from "./width-rule.js";

/** A path that is made absolute when a run begins, so that the run finds the file again. */
export const filePath = (argument: string) => path(argument).meta({ argument, expected: `a ${argument}`, path: true });

/** Whether a schema is of a path. */
export function isPath(schema: z.ZodType): boolean {
  const inner = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  return (inner as z.ZodType).meta()?.path === true;
}

export const startEpoch = () =>
  z
    .union([z.int().min(0), z.literal("auto")])
    .meta({ argument: "n|auto", expected: "a whole number of at least 0, or auto" })
    .default("auto");

const givenMomentum = "0.9, or 0.7 without augmentation, closer to 1 for narrow networks";

const targetMomentum = (defaultText: string) =>
  fraction().optional().describe("fraction of a target kept at each visit").meta({ defaultText });

/** Of methods whose targets move towards averaged predictions. */
export const movingTargets = {
  targetMomentum: targetMomentum(`from the epochs left; with a given start ${givenMomentum}`),
  startEpoch: startEpoch().describe("epoch, from 0, in which targets start to move; auto detects memorization"),
  form: z.enum(["ce", "sce"]).default("ce").describe("loss: cross entropy or its symmetric form"),
};

/** The same, where the start is not detected. */
export const scheduledTargets = {
  ...movingTargets,
  targetMomentum: targetMomentum(givenMomentum),
  startEpoch: startEpoch().describe("epoch, from 0, in which targets start to move; auto: at 69% of training"),
};

export const resolveMomentum = (
  { targetMomentum }: { readonly targetMomentum?: number | undefined },
  { augment, width }: { readonly augment: string; readonly width: number },
) => ({ targetMomentum: targetMomentum ?? selfAdaptiveMomentum(augment, width) });

/** Of methods that train on attacked images; the paper's values. */
export const attackOptions = {
  epsilon: ratio(z.number().gt(0).max(1))
    .default(attackDefaults.epsilon)
    .describe("radius of the attack, pixel values from 0 to 1"),
  attackSteps: count().default(attackDefaults.attackSteps).describe("steps of the attack on each batch"),
  attackStepSize: positive()
    .optional()
    .describe("change of a pixel in one step of the attack")
    .meta({ defaultText: "0.007, in proportion to another epsilon than 0.031" }),
  robustSamples: z.int().min(0).default(1000).describe("test images attacked by PGD-20 at each evaluation; 0 for none"),
};

interface AttackValues {
  readonly epsilon: number;
  readonly attackSteps: number;
  readonly attackStepSize?: number | undefined;
  readonly robustSamples: number;
}

export const resolveStep = ({ epsilon, attackStepSize }: Pick<AttackValues, "epsilon" | "attackStepSize">) => ({
  attackStepSize: attackStepSize ?? attackStepFor(epsilon),
});

export const trainingAttack = ({ epsilon, attackSteps, attackStepSize, robustSamples }: AttackValues) => ({
  epsilon,
  steps: attackSteps,
  stepSize: attackStepSize ?? attackStepFor(epsilon),
  evaluationSamples: robustSamples,
});

/** Of methods whose networks abstain. */
export const pretrainEpochs = () => z.int().min(0).optional();

/** Of methods that train representations: the heads behind the backbone. */
export const headOptions = (projectorNorm: boolean) => ({
  dimension: count().default(256).describe("size of a representation"),
  headWidth: count().default(2048).describe("hidden units of projector and predictor"),
  projectorNorm: z.boolean().default(projectorNorm).describe("end the projector in batch norm"),
});

interface HeadValues {
  readonly dimension: number;
  readonly headWidth: number;
  readonly projectorNorm: boolean;
}

export const representations = (
  { dimension, headWidth: hidden, projectorNorm: normed }: HeadValues,
  { predictor }: { readonly predictor: boolean },
) => ({ kind: "representations" as const, dimension, hidden, normed, predictor });

/** Of methods with an EMA target network. */
export const emaOptions = (schedule: "constant" | "cosine") => ({
  encoderMomentum: fraction().default(0.99).describe("fraction of the momentum encoder kept at each step"),
  encoderSchedule: z.enum(["constant", "cosine"]).default(schedule).describe("keep that fraction, or raise it to 1"),
});

/** Of methods that keep representations of earlier visits. */
export const storageOptions = {
  targetsDtype: z.enum(["float32", "float16"]).default("float32").describe("element type of kept representations"),
  targetsDevice: z.enum(["device", "host"]).default("device").describe("where representations are kept"),
};
