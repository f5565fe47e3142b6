// From what the caller gives, parameters or groups of them, to groups with every hyperparameter settled.

import { requireNonNegative } from "../../options/ranges.js";
import { Tensor } from "../tensor.js";
import type { Hyperparameters, ParameterGroup, ParametersOrGroups } from "./types.js";

/** A parameter and what the optimizer remembers of it. */
export interface Tracked {
  readonly parameter: Tensor;
  /** Updates so far; without a gradient there is none. */
  step: number;
  /** By name, such as `momentum`; made at the first update. */
  buffers: Record<string, Tensor>;
}

export interface TrackedGroup<H> {
  readonly tracked: readonly Tracked[];
  hyper: H;
  /** The rate that the group was given for itself. */
  readonly ownLr: number | undefined;
}

function nameOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}

function track(parameters: Iterable<Tensor>, seen: Set<Tensor>): Tracked[] {
  if (typeof parameters?.[Symbol.iterator] !== "function") {
    throw new RangeError(
      `\`parameters\`: received ${nameOf(parameters)}; expected tensors, or groups with a list of them`,
    );
  }
  return Array.from(parameters, (parameter, i) => {
    if (!(parameter instanceof Tensor)) {
      throw new RangeError(`\`parameters[${i}]\`: received ${nameOf(parameter)}; expected a tensor`);
    }
    if (seen.has(parameter))
      throw new RangeError(`\`parameters[${i}]\`: received the same tensor twice; expected each once`);
    seen.add(parameter);
    return { parameter, step: 0, buffers: {} };
  });
}

function settle<H extends Hyperparameters>(
  parameters: Iterable<Tensor>,
  own: Partial<H>,
  defaults: H,
  seen: Set<Tensor>,
): TrackedGroup<H> {
  if (own.lr !== undefined && defaults.lr === 0) {
    throw new RangeError("`lr`: received 0; expected a number above 0, since a group has another");
  }
  return { tracked: track(parameters, seen), hyper: { ...defaults, ...own }, ownLr: own.lr };
}

function isTensors(items: readonly unknown[]): items is Tensor[] {
  return items[0] instanceof Tensor;
}

function settleAll<H extends Hyperparameters>(given: ParametersOrGroups<H>, defaults: H): TrackedGroup<H>[] {
  const seen = new Set<Tensor>();
  const items: (Tensor | ParameterGroup<H>)[] = [...given];
  if (isTensors(items)) return [settle(items, {}, defaults, seen)];
  return (items as ParameterGroup<H>[]).map((group) => {
    const { parameters, ...own } = group;
    return settle(parameters, own as unknown as Partial<H>, defaults, seen);
  });
}

/**
 * The groups of an optimizer, checked.
 * @throws RangeError for no parameters, for one given twice, and for hyperparameters out of range.
 */
export function settleGroups<H extends Hyperparameters>(
  given: ParametersOrGroups<H>,
  defaults: H,
  check: (hyper: H) => void,
): TrackedGroup<H>[] {
  const groups = settleAll(given, defaults);
  if (!groups.some(({ tracked }) => tracked.length > 0)) {
    throw new RangeError("parameters must hold at least one tensor, received none");
  }
  for (const hyper of [defaults, ...groups.map((group) => group.hyper)]) {
    requireNonNegative("lr", hyper.lr);
    requireNonNegative("weightDecay", hyper.weightDecay);
    check(hyper);
  }
  return groups;
}
