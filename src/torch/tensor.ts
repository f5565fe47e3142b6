// The tensor class: a handle, its properties and its gradient. operators.ts adds the operators as methods.
import { type DType, itemSizeOf, type TypedArray, typedArrayOf } from "./dtype.js";
import { adopt, type Releasable, releasable } from "./lifetime.js";
import { type Handle, native } from "./native.js";

export type NestedArray = number | boolean | NestedArray[];

/** A device by name: `cpu`, `cuda`, `cuda:1`. */
export type Device = string;

/** Nested arrays live in JavaScript's heap, whose exhaustion ends the process. */
const mostNested = 1 << 25;

/** The memory layout of the four dimensions of images. */
export type MemoryFormat = "contiguous" | "preserve" | "channels_last" | "channels_last_3d";

/**
 * A multi-dimensional array in libtorch's memory. It belongs to the scope in which it was made; outside of scopes it
 * lives until `release` (or `using`), or until it is garbage-collected, which takes a turn of the event loop: a loop
 * that does not yield to it needs a scope.
 */
export class Tensor implements Releasable {
  #handle: Handle | null;
  readonly [releasable] = true as const;

  constructor(handle: Handle) {
    if (!native.isTensor(handle)) throw new TypeError("a Tensor is made by tensor(...) or by an operator, not by new");
    this.#handle = handle;
    adopt(this);
  }

  /** The addon's handle. @throws Error when this tensor was released. */
  get handle(): Handle {
    if (this.#handle === null) {
      throw new Error("this tensor was released when its scope ended; return it from the scope or keep() it there");
    }
    return this.#handle;
  }

  get released(): boolean {
    return this.#handle === null;
  }

  get shape(): number[] {
    return native.shape(this.handle);
  }

  /** Elements to skip for the next one, by dimension. */
  get strides(): number[] {
    return native.strides(this.handle);
  }

  get dtype(): DType {
    return native.dtype(this.handle) as DType;
  }

  get device(): Device {
    return native.device(this.handle);
  }

  /** The number of elements. */
  get size(): number {
    return this.shape.reduce((product, size) => product * size, 1);
  }

  get requiresGrad(): boolean {
    return native.requiresGrad(this.handle);
  }

  set requiresGrad(required: boolean) {
    native.setRequiresGrad(this.handle, required);
  }

  /** Whether it is no result of an operator that derivatives are recorded for, so that gradients accumulate in it. */
  get isLeaf(): boolean {
    return native.isLeaf(this.handle);
  }

  /** The gradient that `backward` accumulated, or null: not a copy. */
  get grad(): Tensor | null {
    const gradient = native.gradient(this.handle);
    return gradient === null ? null : new Tensor(gradient);
  }

  set grad(gradient: Tensor | null) {
    native.setGradient(this.handle, gradient === null ? null : gradient.handle);
  }

  /** The only element: a boolean of a bool tensor (`item<boolean>()`), else a number. @throws Error when there is not exactly one. */
  item<Value extends number | boolean = number>(): Value {
    return native.item(this.handle) as Value;
  }

  /**
   * The elements in row-major order, in a new array: `Float32Array` for float32, float16 and bfloat16,
   * `BigInt64Array` for int64, `Uint8Array` for uint8 and bool, and so on.
   */
  data(): TypedArray {
    const ArrayType = typedArrayOf(this.dtype);
    if (ArrayType === undefined) {
      using converted = this.to("float32");
      return converted.data();
    }
    return new ArrayType(this.bytes().buffer);
  }

  /** A copy of the elements in row-major order as little-endian bytes, which `fromBytes` takes. */
  bytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.size * itemSizeOf(this.dtype));
    native.read(this.handle, bytes.buffer);
    return bytes;
  }

  /** The elements as nested arrays of numbers, a number where there are no dimensions. @throws Error beyond 2^25 of them. */
  toArray(): NestedArray {
    if (this.size > mostNested)
      throw new Error(`toArray() takes at most ${mostNested} elements, here ${this.size}; use data()`);
    const data = Array.from(this.data() as ArrayLike<number | bigint>, Number);
    const values = this.dtype === "bool" ? data.map(Boolean) : data;
    return nest(values, this.shape);
  }

  /** Gradients of this scalar (or, with `gradient`, of the product) with respect to every tensor that requires them, added to `.grad`. */
  backward({ gradient, retainGraph = false, createGraph = false }: BackwardOptions = {}): void {
    native.backward([this.handle], gradient ? [gradient.handle] : null, retainGraph || createGraph, createGraph);
  }

  /** Takes over the source's elements, element type, shape and device, in place. */
  setData(source: Tensor): void {
    native.setData(this.handle, source.handle);
  }

  /** Frees the memory now; using the tensor afterwards throws. */
  release(): void {
    if (this.#handle === null) return;
    native.release(this.#handle);
    this.#handle = null;
  }

  [Symbol.dispose](): void {
    this.release();
  }

  /** What `console.log` shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.released ? "Tensor(released)" : `Tensor(${this.dtype} [${this.shape.join(", ")}] on ${this.device})`;
  }
}

export interface BackwardOptions {
  readonly gradient?: Tensor;
  readonly retainGraph?: boolean;
  readonly createGraph?: boolean;
}

function nest(values: NestedArray[], shape: readonly number[]): NestedArray {
  if (shape.length === 0) return values[0] as NestedArray;
  const inner = shape.slice(1);
  const step = inner.reduce((product, size) => product * size, 1);
  if (inner.length === 0) return values;
  return Array.from({ length: shape[0] as number }, (_, i) => nest(values.slice(i * step, (i + 1) * step), inner));
}
