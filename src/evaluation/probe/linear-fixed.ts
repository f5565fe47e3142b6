// The linear probe on fixed features: logistic regression, with l2 chosen without the test part.
import { stratifiedSplit } from "../../data/index.js";
import { type optim, scope, type Tensor, tensor } from "../../torch/index.js";
import type { LabeledFeatures } from "./features.js";
import { fitLogistic, type LogisticProblem, predictClasses } from "./logistic-regression.js";
import { rowsOf, standardizationOf } from "./standardize.js";

export interface FixedFeaturesOptions {
  readonly classes: number;
  /** Of the split by which l2 is chosen. */
  readonly seed: number;
  readonly device: string;
  /** L2 regularization (default: chosen on held-out training samples). */
  readonly l2?: number;
}

export interface FixedFeaturesFigures {
  /** On the test part. */
  readonly accuracy: number;
  readonly l2: number;
  /** How many training samples were held out to choose `l2` by; 0 when it was given, and when too few samples are labeled to choose it. */
  readonly chosenOn: number;
  /** Of the last fit, with all training samples. */
  readonly iterations: number;
  readonly converged: boolean;
}

/** From strong to weak: each fit starts at the result of the one before. */
export const l2Grid: readonly number[] = [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6];

/** Where a class has a single labeled sample, so that none can be held out. */
export const l2Default = 0.01;

const heldOutFraction = 0.2;

/** Fraction of correct predictions. */
export function accuracyOf(predictions: Int32Array, labels: Int32Array): number {
  return predictions.filter((prediction, i) => prediction === labels[i]).length / labels.length;
}

/**
 * Fits multinomial logistic regression by L-BFGS on features standardized by the training part, and evaluates it on the test part.
 * `l2` is that of `l2Grid` that is best on a held-out fifth of the training features (the strongest in a tie); then it is fitted to all.
 */
export function probeFixedFeatures(
  train: LabeledFeatures,
  test: LabeledFeatures,
  { classes, seed, device, l2 }: FixedFeaturesOptions,
): FixedFeaturesFigures {
  return scope(() => {
    const standardize = standardizationOf(train, device);
    const features = standardize(rowsOf(train, device));
    const choice = l2 === undefined ? chooseL2(features, train.labels, { classes, seed, device }) : { l2, chosenOn: 0 };
    const fitted = fitLogistic({ features, labels: labelsOn(train.labels, device), classes, l2: choice.l2 });
    const predictions = predictClasses(fitted.x, standardize(rowsOf(test, device)), classes);
    const { iterations, converged } = fitted;
    return { accuracy: accuracyOf(predictions, test.labels), ...choice, iterations, converged };
  });
}

const labelsOn = (labels: Int32Array, device: string) => tensor(labels).to("int64").to(device);

function chooseL2(
  features: Tensor,
  labels: Int32Array,
  { classes, seed, device }: FixedFeaturesOptions,
): Pick<FixedFeaturesFigures, "l2" | "chosenOn"> {
  if (hasSingle(labels, classes)) return { l2: l2Default, chosenOn: 0 };
  const names = Array.from({ length: classes }, (_, label) => String(label));
  const { train, validation } = stratifiedSplit(labels, names, heldOutFraction, seed);
  return scope(() => {
    const part = (indices: Int32Array) => {
      const partLabels = indices.map((i) => labels[i] as number);
      return { features: features.indexSelect(0, tensor(indices).to(device)), labels: partLabels };
    };
    const [fitted, heldOut] = [part(train), part(validation)];
    const problem = { features: fitted.features, labels: labelsOn(fitted.labels, device), classes };
    const accuracies = fitGrid(problem).map((minimum) =>
      accuracyOf(predictClasses(minimum.x, heldOut.features, classes), heldOut.labels),
    );
    const best = accuracies.indexOf(Math.max(...accuracies));
    return { l2: l2Grid[best] as number, chosenOn: validation.length };
  });
}

function fitGrid(problem: Omit<LogisticProblem, "l2">): optim.Minimum[] {
  let start: Tensor | undefined;
  return l2Grid.map((l2) => {
    const minimum = fitLogistic({ ...problem, l2 }, start && { start });
    start = minimum.x;
    return minimum;
  });
}

function hasSingle(labels: Int32Array, classes: number): boolean {
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts.includes(1);
}
