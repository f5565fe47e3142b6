// Parameters, or groups of them, as groups with every hyperparameter resolved.

import { requireNonNegative } from "../../options/ranges.js";
import { Tensor } from "../tensor.js";
import type { Hyperparameters, ParameterGroup, ParametersOrGroups } from "./types.js";

/** A parameter and the optimizer's state of it. */
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
  /** The group's learning rate, where it has one. */
  readonly groupLr: number | undefined;
}

function nameOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}

function requireList(parameters: unknown): void {
  if (typeof (parameters as Iterable<unknown> | undefined)?.[Symbol.iterator] === "function") return;
  const received = parameters instanceof Tensor ? "one tensor" : nameOf(parameters);
  throw new RangeError(`\`parameters\`: received ${received}; expected tensors, or groups with a list of them`);
}

/** @throws RangeError for what is no list of tensors. */
export function listOfTensors(parameters: Iterable<Tensor>): Tensor[] {
  requireList(parameters);
  return Array.from(parameters, (parameter, i) => {
    if (parameter instanceof Tensor) return parameter;
    throw new RangeError(`\`parameters[${i}]\`: received ${nameOf(parameter)}; expected a tensor`);
  });
}

function track(parameters: Iterable<Tensor>, seen: Set<Tensor>): Tracked[] {
  return listOfTensors(parameters).map((parameter, i) => {
    if (seen.has(parameter))
      throw new RangeError(`\`parameters[${i}]\`: received the same tensor twice; expected each once`);
    if (parameter.requiresGrad && !parameter.isLeaf)
      throw new RangeError(
        `\`parameters[${i}]\`: received the result of an operator; expected a tensor made with requiresGrad`,
      );
    seen.add(parameter);
    return { parameter, step: 0, buffers: {} };
  });
}

function resolveGroup<H extends Hyperparameters>(
  parameters: Iterable<Tensor>,
  group: Partial<H>,
  defaults: H,
  seen: Set<Tensor>,
): TrackedGroup<H> {
  if (group.lr !== undefined && defaults.lr === 0) {
    throw new RangeError("`lr`: received 0; expected a number above 0, since a group has another");
  }
  const given = Object.fromEntries(Object.entries(group).filter(([, value]) => value !== undefined));
  return { tracked: track(parameters, seen), hyper: { ...defaults, ...given }, groupLr: group.lr };
}

function isTensors(items: readonly unknown[]): items is Tensor[] {
  return items[0] instanceof Tensor;
}

function resolveAll<H extends Hyperparameters>(given: ParametersOrGroups<H>, defaults: H): TrackedGroup<H>[] {
  requireList(given);
  const seen = new Set<Tensor>();
  const items: (Tensor | ParameterGroup<H>)[] = [...given];
  if (isTensors(items)) return [resolveGroup(items, {}, defaults, seen)];
  return (items as ParameterGroup<H>[]).map((group) => {
    const { parameters, ...hyper } = group;
    return resolveGroup(parameters, hyper as unknown as Partial<H>, defaults, seen);
  });
}

/**
 * The groups of an optimizer, checked.
 * @throws RangeError for no parameters, for one given twice, and for hyperparameters out of range.
 */
export function resolveGroups<H extends Hyperparameters>(
  given: ParametersOrGroups<H>,
  defaults: H,
  check: (hyper: H) => void,
): TrackedGroup<H>[] {
  const groups = resolveAll(given, defaults);
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
