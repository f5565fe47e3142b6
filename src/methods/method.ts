// The declaration of a training method: its options, its network's outputs, and its objective.
import type { z } from "zod";
import type { ChannelStatistics } from "../data/index.js";
import type { Objective, SampleState, TargetNetwork } from "../objectives/index.js";
import type { DType, distributed } from "../torch/index.js";

/** What a method trains on: labels, labels and adversarial images, or images alone. */
export type Family = "supervised" | "adversarial" | "self-supervised";

/** The outputs of a method's network. */
export type Heads =
  | { readonly kind: "classes" }
  /** One column more than classes, "abstain". */
  | { readonly kind: "abstention" }
  /** SelectiveNet's selection column and auxiliary logits. */
  | { readonly kind: "selection" }
  /** Projections, after the predictions if there is a predictor. */
  | {
      readonly kind: "representations";
      readonly dimension: number;
      readonly hidden: number;
      readonly normed: boolean;
      readonly predictor: boolean;
    };

/** The attack that a method trains against, pixels counted from 0 to 1. */
export interface TrainingAttack {
  readonly epsilon: number;
  readonly steps: number;
  readonly stepSize: number;
  /** Test images attacked at each evaluation; 0 for none. */
  readonly evaluationSamples: number;
}

/** When a method changes what it trains on. */
export interface MethodStart {
  readonly epoch: number | "auto";
  /** The event, for the log. */
  readonly event: string;
  /** True where it does not start if the labels look right, or the network learns until the end. */
  readonly forWrongLabels?: true;
}

/** What the defaults of options depend on. */
export interface ResolveContext {
  readonly augment: string;
  readonly width: number;
  readonly epochs: number;
  readonly classes: number;
  /** Of the data. */
  readonly format: string;
}

/** The inputs of an objective in addition to its options. */
export interface MethodContext {
  /** The given label of every training sample. */
  readonly labels: Int32Array;
  /** The training samples whose labels are confirmed: their targets stay at the labels. */
  readonly pinned: Int32Array;
  readonly classes: readonly string[];
  readonly format: string;
  readonly epochs: number;
  readonly normalization: ChannelStatistics;
  readonly device: string;
  /** The element type of weights, losses and targets. */
  readonly dtype: DType;
  /** The epoch of the method's start; infinite while it is being detected. */
  readonly startEpoch: () => number;
  /** The target network, for methods that declare one. */
  readonly targetNetwork: TargetNetwork | null;
  /** Keeps state of every training sample, for methods that have some. */
  readonly sampleState: SampleState;
  /** The ranks that train together, for methods that exchange more than gradients. */
  readonly group: distributed.ProcessGroup;
}

export type OptionsOf<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>;

/** A training method. Its options are recipe keys and flags. */
export interface Method<Shape extends z.ZodRawShape = z.ZodRawShape> {
  /** The name in recipes. */
  readonly name: string;
  /** The name in reports. */
  readonly title: string;
  readonly family: Family;
  readonly options: Shape;
  /** The network's outputs; the classes' logits by default. */
  heads?(options: OptionsOf<Shape>): Heads;
  /** Defaults that depend on the data or on other options. */
  resolve?(options: OptionsOf<Shape>, facts: ResolveContext): Partial<OptionsOf<Shape>>;
  /** When the method starts to differ from cross entropy; null if from the first step. */
  start?(options: OptionsOf<Shape>): MethodStart | null;
  /** The attack that it trains against, for the adversarial family. */
  attack?(options: OptionsOf<Shape>): TrainingAttack;
  /** The target network: an EMA of the trained network, or a frozen one. */
  readonly targetNetwork?: "ema" | "frozen";
  /** Weights of a frozen target network; random ones where there are none. */
  targetWeights?(options: OptionsOf<Shape>): string | undefined;
  /** The augmentation of its authors (default: crops and flips). */
  readonly augment?: "simclr" | "byol" | "moco";
  /** False where the loss is no mean of losses of single samples with one label each, so that classes have no weights. */
  readonly classWeights?: false;
  /** True where samples have targets of their own, which `pinned` keeps at the labels. */
  readonly pinsTargets?: true;
  /** Advice for collapsing representations. */
  readonly collapseAdvice?: string;
  /** @throws InputError where the method cannot work with these options. */
  create(context: MethodContext, options: OptionsOf<Shape>): Objective | Promise<Objective>;
}

/** Declares a method, its options typed by their schemas. */
export function defineMethod<const Name extends string, Shape extends z.ZodRawShape>(
  method: Method<Shape> & { readonly name: Name },
): Method<Shape> & { readonly name: Name } {
  return method;
}

/** The method's own options among the keys of a recipe. */
export function optionsOf<Shape extends z.ZodRawShape>(method: Method<Shape>, recipe: object): OptionsOf<Shape> {
  const keys = Object.keys(method.options).filter((key) => (recipe as Record<string, unknown>)[key] !== undefined);
  return Object.fromEntries(keys.map((key) => [key, (recipe as Record<string, unknown>)[key]])) as OptionsOf<Shape>;
}
