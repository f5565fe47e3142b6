// Weights of classes in the loss: balanced by their sizes, or as given.
import { InputError } from "../errors.js";
import { option } from "../options/index.js";

/** Samples of each class among those at `indices`. */
export function countClasses(labels: Int32Array, indices: Int32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const sample of indices) counts[labels[sample] as number]! += 1;
  return counts;
}

/**
 * w_c = n / (k n_c) for n samples, n_c of them in class c, and k classes that have any; 1 for a class without samples. The
 * mean weight of a sample is 1.
 * @see scikit-learn's `compute_class_weight("balanced")`
 */
export function balancedWeights(counts: readonly number[]): number[] {
  const samples = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 1 : samples / (present * count)));
}

/**
 * The weights that an option gives: `balanced`, a number for each class in order (`1,2.5,1`), or for some by name
 * (`cat=2,dog=0.5`), 1 for the others.
 * @throws InputError for another number of weights, a class that is unknown or named twice, a weight that is not a number of at least 0, and
 * where no class with samples has one over 0.
 */
export function parseClassWeights(text: string, classes: readonly string[], counts: readonly number[]): number[] {
  const parts = text.split(",").map((part) => part.trim());
  if (text === "balanced") return balancedWeights(counts);
  const refuse = (problem: string) => new InputError(`${option("classWeights", text)}: ${problem}`);
  const number = (value: string) => {
    const weight = value === "" ? Number.NaN : Number(value);
    if (weight >= 0 && Number.isFinite(weight)) return weight;
    throw refuse(`received the weight ${JSON.stringify(value)}; expected balanced, or numbers of at least 0`);
  };
  const requireSome = (weights: number[]) => {
    if (weights.some((weight, c) => weight > 0 && counts[c]! > 0)) return weights;
    throw refuse("no class with samples has a weight over 0");
  };
  if (!text.includes("=")) {
    const weights = parts.map(number);
    if (weights.length === classes.length) return requireSome(weights);
    throw refuse(`received ${weights.length} weights; expected ${classes.length}, one per class: ${listed(classes)}`);
  }
  const weights = classes.map(() => 1);
  const composed = classes.map((name) => name.normalize("NFC"));
  const named = new Set<number>();
  for (const part of parts) {
    const end = part.lastIndexOf("=");
    const position = composed.indexOf(part.slice(0, end).trim().normalize("NFC"));
    if (named.has(position)) throw refuse(`received two weights of ${classes[position]}`);
    named.add(position);
    if (position === -1) throw refuse(`received ${JSON.stringify(part)}; expected CLASS=WEIGHT of ${listed(classes)}`);
    weights[position] = number(part.slice(end + 1).trim());
  }
  return requireSome(weights);
}

const SHOWN = 10;

const listed = (names: readonly string[]) =>
  names.length > SHOWN ? `${names.slice(0, SHOWN).join(", ")}, ... (${names.length})` : names.join(", ");

/** One line with the weights; of many classes the smallest and the largest. */
export function describeClassWeights(weights: readonly number[], classes: readonly string[]): string {
  const shown = (i: number) => `${classes[i]} ${Number((weights[i] as number).toPrecision(3))}`;
  const order = [...weights.keys()];
  if (weights.length <= SHOWN) return `class weights in the loss: ${order.map(shown).join(", ")}`;
  order.sort((a, b) => (weights[a] as number) - (weights[b] as number));
  return `class weights in the loss: from ${shown(order[0] as number)} to ${shown(order.at(-1) as number)}`;
}
