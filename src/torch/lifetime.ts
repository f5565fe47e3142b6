// Scopes, which release native memory: the garbage collector does not see it.
import { native } from "./native.js";

/** Marks objects that a scope releases when it ends. */
export const releasable: unique symbol = Symbol("releasable");

export interface Releasable {
  readonly [releasable]: true;
  release(): void;
}

const scopes: Set<Releasable>[] = [];
let reportedBytes = 0;

/** Without a scope memory is reported to V8 once in so many new objects. */
const reportedEvery = 64;
let unreported = 0;

/** Adds a new object to the innermost scope. Without one the garbage collector releases it, if it knows of the memory. */
export function adopt(object: Releasable): void {
  const innermost = scopes.at(-1);
  if (innermost !== undefined) innermost.add(object);
  else if (++unreported % reportedEvery === 0) reportMemory();
}

function isReleasable(value: unknown): value is Releasable {
  return typeof value === "object" && value !== null && releasable in value;
}

/** Every releasable object in a result: itself, or inside arrays, maps and plain objects. */
function releasablesIn(value: unknown): Iterable<Releasable> {
  if (typeof value !== "object" || value === null) return [];
  return isReleasable(value) ? [value] : releasablesWithin(value, new Set());
}

function* releasablesWithin(container: object, seen: Set<object>): Generator<Releasable> {
  if (seen.has(container)) return;
  seen.add(container);
  for (const item of itemsOf(container)) {
    if (isReleasable(item)) yield item;
    else if (typeof item === "object" && item !== null) yield* releasablesWithin(item, seen);
  }
}

function itemsOf(container: object): Iterable<unknown> {
  if (Array.isArray(container) || container instanceof Set) return container;
  if (container instanceof Map) return container.values();
  return Object.getPrototypeOf(container) === Object.prototype ? Object.values(container) : [];
}

/** Reports memory to V8 once a step, not at every temporary, which would trigger collections all the time. */
function reportMemory(): void {
  const bytes = native.liveBytes();
  if (Math.abs(bytes - reportedBytes) < 1 << 20) return;
  native.reportMemory(bytes - reportedBytes);
  reportedBytes = bytes;
}

export function refuseAsync(name: string, result: unknown): void {
  if (typeof (result as { then?: unknown } | null)?.then === "function") {
    throw new Error(`${name} takes a function that is not async: tensors made after an await would belong to no scope`);
  }
}

/**
 * Runs `body` and releases every tensor made inside it, except those that it returns (also inside arrays, maps and plain
 * objects) or passes to `keep`. Scopes nest: what is returned belongs to the enclosing scope.
 *
 * @example const loss = scope(() => model.forward(images).square().mean())
 * @throws Error when `body` is async.
 */
export function scope<T>(body: () => T): T {
  const owned = new Set<Releasable>();
  scopes.push(owned);
  let result: T | undefined;
  try {
    result = body();
    refuseAsync("scope", result);
    for (const object of releasablesIn(result)) {
      if (owned.delete(object)) scopes.at(-2)?.add(object);
    }
    return result;
  } finally {
    scopes.splice(scopes.lastIndexOf(owned), 1);
    for (const object of owned) object.release();
    if (scopes.length === 0) reportMemory();
  }
}

/** Removes a tensor, or all those in an array, map or plain object, from every scope: it lives until `release`. */
export function keep<T>(value: T): T {
  for (const object of releasablesIn(value)) for (const owned of scopes) owned.delete(object);
  return value;
}

/**
 * A function that moves tensors to the scope that is the innermost one now, whichever inner ones they are made in; without a scope
 * they live until `release`.
 */
export function keepingHere(): <T>(value: T) => T {
  const home = scopes.at(-1);
  return (value) => {
    for (const object of releasablesIn(keep(value))) home?.add(object);
    return value;
  };
}

/** The number of tensors of this thread that are not released. */
export function liveTensors(): number {
  return native.liveTensors();
}

/** Bytes of host memory that libtorch has allocated, in the entire process. */
export function liveBytes(): number {
  return native.liveBytes();
}
