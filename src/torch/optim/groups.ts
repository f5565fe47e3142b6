// From what the caller gives, parameters or groups of them, to groups with every hyperparameter settled.
import { Tensor } from "../tensor.js";
import { requireNonNegative } from "./checks.js";
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
    throw new RangeError(`parameters must be tensors, or groups with a list of them, received ${nameOf(parameters)}`);
  }
  return Array.from(parameters, (parameter, i) => {
    if (!(parameter instanceof Tensor)) {
      throw new RangeError(`parameters[${i}] must be a tensor, received ${nameOf(parameter)}`);
    }
    if (seen.has(parameter)) throw new RangeError(`parameters[${i}] must be given once, received it twice`);
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
    throw new RangeError("lr must be a number over 0 where a group has its own, received 0");
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
