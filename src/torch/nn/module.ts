// The base class of layers and networks: named parameters, buffers and children.
import { noGrad } from "../autograd.js";
import type { DType } from "../dtype.js";
import { keep, scope } from "../lifetime.js";
import type { Device, MemoryFormat, Tensor } from "../tensor.js";

/** Tensors by their dotted names, `layer1.0.conv1.weight`: what PyTorch calls a state dictionary. */
export type StateDict = Map<string, Tensor>;

const join = (prefix: string, name: string) => (prefix === "" ? name : `${prefix}.${name}`);

/**
 * A function of tensors with parameters. A subclass registers its tensors with `parameter` and `buffer`, has its children as
 * properties or in lists of them (whose names are those of state dictionaries), and implements `forward`.
 */
export abstract class Module {
  #training = true;
  readonly #parameters = new Map<string, Tensor>();
  readonly #buffers = new Map<string, Tensor>();

  abstract forward(input: Tensor): Tensor;

  /** Whether batch norm uses the batch's statistics and dropout is active. */
  get training(): boolean {
    return this.#training;
  }

  protected parameter(name: string, value: Tensor): Tensor {
    const parameter = keep(value);
    parameter.requiresGrad = true;
    this.#parameters.set(name, parameter);
    return parameter;
  }

  protected buffer(name: string, value: Tensor): Tensor {
    this.#buffers.set(name, keep(value));
    return value;
  }

  /** The child modules, with their names: properties, and the modules of properties that are lists, as `blocks.0`. */
  *children(): Generator<[string, Module]> {
    for (const [name, value] of Object.entries(this)) {
      if (value instanceof Module) yield [name, value];
      if (!Array.isArray(value)) continue;
      for (const [position, item] of value.entries()) if (item instanceof Module) yield [`${name}.${position}`, item];
    }
  }

  /** This module and all its descendants, with their dotted names. */
  *namedModules(prefix = ""): Generator<[string, Module]> {
    yield [prefix, this];
    for (const [name, child] of this.children()) yield* child.namedModules(join(prefix, name));
  }

  /** A parameter that modules share is given once, by its first name. */
  *namedParameters(): Generator<[string, Tensor]> {
    yield* this.#namedOnce((module) => module.#parameters);
  }

  /** As `namedParameters`. */
  *namedBuffers(): Generator<[string, Tensor]> {
    yield* this.#namedOnce((module) => module.#buffers);
  }

  *#namedOnce(tensorsOf: (module: Module) => Iterable<[string, Tensor]>): Generator<[string, Tensor]> {
    const seen = new Set<Tensor>();
    for (const [path, module] of this.namedModules()) {
      for (const [name, value] of tensorsOf(module)) {
        if (!seen.has(value)) yield [join(path, name), value];
        seen.add(value);
      }
    }
  }

  parameters(): Tensor[] {
    return [...this.namedParameters()].map(([, value]) => value);
  }

  /** Parameters and buffers by name, in PyTorch's order; not copies. */
  stateDict(): StateDict {
    const entries: [string, Tensor][] = [];
    for (const [path, module] of this.namedModules()) {
      for (const [name, value] of [...module.#parameters, ...module.#buffers]) entries.push([join(path, name), value]);
    }
    return new Map(entries);
  }

  /**
   * Copies values in by name.
   * @throws Error when a tensor is missing, unknown or of another shape; then nothing is changed.
   */
  loadStateDict(values: ReadonlyMap<string, Tensor>): void {
    const current = this.stateDict();
    const missing = [...current.keys()].filter((name) => !values.has(name));
    const unknown = [...values.keys()].filter((name) => !current.has(name));
    if (missing.length > 0) throw new Error(`the weights lack ${listNames(missing)}`);
    if (unknown.length > 0) throw new Error(`the weights hold ${listNames(unknown)}, which this model does not have`);
    for (const [name, target] of current) checkShape(name, target, values.get(name) as Tensor);
    scope(() => noGrad(() => [...current].forEach(([name, target]) => void target.copy_(values.get(name) as Tensor))));
  }

  train(training = true): this {
    for (const [, module] of this.namedModules()) module.#training = training;
    return this;
  }

  eval(): this {
    return this.train(false);
  }

  /** Moves all floating-point tensors to an element type, or all tensors to a device, or images' weights to a memory format. */
  to(target: DType | Device | MemoryFormat): this {
    scope(() => noGrad(() => [...this.stateDict().values()].forEach((value) => void moveTo(value, target))));
    return this;
  }

  /** Drops the gradients. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null;
  }
}

function moveTo(value: Tensor, target: string): void {
  if (/^channels_last$|^contiguous$/.test(target)) {
    if (value.shape.length === 4) value.setData(value.contiguous({ memoryFormat: target as MemoryFormat }));
  } else if (/^(b?float)/.test(target)) {
    if (/float/.test(value.dtype)) value.setData(value.to(target));
  } else {
    value.setData(value.to(target));
  }
}

function listNames(names: readonly string[]): string {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return `${names.slice(0, 3).join(", ")}${more}`;
}

function checkShape(name: string, target: Tensor, value: Tensor): void {
  const [expected, given] = [target.shape.join(" x "), value.shape.join(" x ")];
  if (expected !== given)
    throw new Error(`the weights' ${name} is ${given || "a scalar"}, this model's is ${expected || "a scalar"}`);
}
