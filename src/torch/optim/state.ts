// An optimizer's state as a flat dictionary of tensors, and back.
import { requireNonNegative } from "../../options/ranges.js";
import { noGrad } from "../autograd.js";
import { tensor } from "../create.js";
import { keep, scope } from "../lifetime.js";
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import type { Tracked } from "./groups.js";

type State = ReadonlyMap<string, Tensor>;
type Slots = readonly string[];

/** A copy of the rate, the step counts and every buffer. */
export function copyState(tracked: readonly Tracked[], lr: number): Map<string, Tensor> {
  const steps = BigInt64Array.from(tracked, ({ step }) => BigInt(step));
  return scope(() => {
    const buffers = tracked.flatMap(({ buffers }, i) =>
      Object.entries(buffers).map(([slot, buffer]) => [`${slot}.${i}`, ops.clone(buffer)] as const),
    );
    return new Map([["lr", tensor(lr, { dtype: "float64" })], ["step", tensor(steps)], ...buffers]);
  });
}

function stored(state: State, name: string): Tensor {
  const value = state.get(name);
  if (value !== undefined) return value;
  throw new RangeError(
    `the optimizer's state must have "${name}", received ${[...state.keys()].join(", ") || "nothing"}`,
  );
}

function checkShape(name: string, value: Tensor, expected: readonly number[]): void {
  if (value.shape.join() === expected.join()) return;
  throw new RangeError(`"${name}" must have the shape [${expected.join(", ")}], received [${value.shape.join(", ")}]`);
}

function readNumbers(state: State, name: string, shape: readonly number[]): number[] {
  const value = stored(state, name);
  checkShape(name, value, shape);
  return Array.from<number | bigint, number>(value.data(), Number);
}

/** The restored state of one parameter. */
interface Restoration {
  readonly one: Tracked;
  readonly step: number;
  /** Its buffers here, and their names in the state. */
  readonly names: readonly (readonly [slot: string, name: string])[];
}

function planRestoration(state: State, tracked: readonly Tracked[], slots: readonly Slots[]): Restoration[] {
  const steps = readNumbers(state, "step", [tracked.length]);
  const wrong = steps.find((step) => !(Number.isInteger(step) && step >= 0));
  if (wrong !== undefined) throw new RangeError(`"step" must hold whole numbers of at least 0, received ${wrong}`);
  return tracked.map((one, i) => {
    const step = steps[i] as number;
    const expected = step === 0 ? [] : (slots[i] ?? []);
    return { one, step, names: expected.map((slot) => [slot, `${slot}.${i}`] as const) };
  });
}

function checkBuffers(state: State, plan: readonly Restoration[]): void {
  const known = new Set(["lr", "step"]);
  for (const { one, names } of plan) {
    for (const [, name] of names) {
      checkShape(name, stored(state, name), one.parameter.shape);
      known.add(name);
    }
  }
  const other = [...state.keys()].find((name) => !known.has(name));
  if (other === undefined) return;
  throw new RangeError(`the optimizer's state must have only ${[...known].join(", ")}, received "${other}" too`);
}

/** Buffers in their parameter's memory format, whatever that of the stored ones. */
function copyBuffers(state: State, { one, names }: Restoration): Record<string, Tensor> {
  const copy = (name: string) => ops.copy_(ops.emptyLike(one.parameter), stored(state, name));
  return Object.fromEntries(names.map(([slot, name]) => [slot, copy(name)]));
}

/**
 * Replaces the state by a copied one and returns its rate; everything is checked before anything changes.
 * `slots` names the buffers that each parameter has once it was updated.
 * @throws RangeError when names or shapes differ.
 */
export function restoreState(state: State, tracked: readonly Tracked[], slots: readonly Slots[]): number {
  const [lr] = readNumbers(state, "lr", []) as [number];
  requireNonNegative("lr", lr);
  const plan = planRestoration(state, tracked, slots);
  checkBuffers(state, plan);
  const buffers = noGrad(() => scope(() => keep(plan.map((restoration) => copyBuffers(state, restoration)))));
  plan.forEach(({ one, step }, i) => {
    for (const buffer of Object.values(one.buffers)) buffer.release();
    one.buffers = buffers[i] ?? {};
    one.step = step;
  });
  return lr;
}
