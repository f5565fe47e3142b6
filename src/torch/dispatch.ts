// From a typed call to libtorch's dispatcher: the overload is chosen by what the arguments are, as PyTorch does it.
import { Generator } from "./generator.js";
import { type Argument, native } from "./native.js";
import { recordCall, recording } from "./recorder.js";
import { Tensor } from "./tensor.js";

/** One form of an operator, ready to be matched and called. */
interface Overload {
  readonly number: number;
  readonly arguments: readonly Argument[];
  /** How many come first, without names; the others go into the options. */
  readonly positional: number;
  /** The schema's position of each option, by its name here. */
  readonly options: ReadonlyMap<string, number>;
}

export type Operator = (...values: unknown[]) => unknown;

/** `memory_format` here is `memoryFormat`, as the rest of the language has it; a trailing underscore stays. */
export function camelCase(name: string): string {
  return name.replace(/^_+/, "").replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function readOverload(name: string, overload: string): Overload {
  const number = native.find(name, overload);
  const list = native.signature(number);
  const positional = list.filter((argument) => !argument.optional && !argument.keywordOnly).length;
  const options = new Map(list.map((argument, i) => [camelCase(argument.name), i] as const).slice(positional));
  return { number, arguments: list, positional, options };
}

function isIntegers(value: unknown): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** Whether a value is of the kind that a schema type asks for; the addon checks its contents. */
function fits(value: unknown, { type, repeats }: Argument): boolean {
  if (value === undefined) return true;
  if (type.endsWith("?")) return value === null || fits(value, { type: type.slice(0, -1), repeats } as Argument);
  if (type.endsWith("]")) return isIntegers(value) || (repeats && typeof value === "number");
  switch (type) {
    case "Tensor":
      return value instanceof Tensor;
    case "Scalar":
      return typeof value === "number" || typeof value === "boolean" || typeof value === "bigint";
    case "int":
    case "SymInt":
      return typeof value === "number" || typeof value === "bigint";
    case "float":
      return typeof value === "number";
    case "bool":
      return typeof value === "boolean";
    case "Generator":
      return value instanceof Generator;
    default:
      return typeof value === "string";
  }
}

function isOptions(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The arguments in the schema's order, or null where they are not this form's. */
function arrange(overload: Overload, values: readonly unknown[]): unknown[] | null {
  const count = overload.positional;
  if (values.length < count || values.length > count + 1) return null;
  const last = values[count];
  if (last !== undefined && !isOptions(last)) return null;
  const arranged = values.slice(0, count);
  for (const [name, value] of Object.entries(last ?? {})) {
    const position = overload.options.get(name);
    if (position === undefined) return null;
    arranged[position] = value;
  }
  const matches = overload.arguments.every((argument, i) =>
    i < count && arranged[i] === undefined ? false : fits(arranged[i], argument),
  );
  return matches ? arranged : null;
}

function unwrap(value: unknown): unknown {
  if (value instanceof Tensor || value instanceof Generator) return value.handle;
  if (Array.isArray(value)) return value.map(unwrap);
  return value;
}

function wrap(value: unknown): unknown {
  if (native.isTensor(value)) return new Tensor(value);
  if (Array.isArray(value)) return value.map(wrap);
  return value;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[${kindOf(value[0])}, ...]`;
  if (isOptions(value)) return `{ ${Object.keys(value).join(", ")} }`;
  if (value instanceof Tensor || value instanceof Generator) return value.constructor.name;
  return value === null ? "null" : typeof value;
}

function describeForm({ arguments: list, positional, options }: Overload): string {
  const first = list.slice(0, positional).map(({ name, type }) => `${type} ${camelCase(name)}`);
  const named = options.size > 0 ? [`{ ${[...options.keys()].join(", ")} }`] : [];
  return `(${[...first, ...named].join(", ")})`;
}

function noForm(name: string, values: readonly unknown[], overloads: readonly Overload[]): TypeError {
  const received = `(${values.map(kindOf).join(", ")})`;
  return new TypeError(`${name} does not take ${received}; it takes ${overloads.map(describeForm).join(" or ")}`);
}

/** Calls one form with arguments in the schema's order. */
function callForm(name: string, overload: Overload, arranged: readonly unknown[]): unknown {
  let result: unknown;
  try {
    result = wrap(native.call(overload.number, arranged.map(unwrap)));
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`);
  }
  if (recording()) {
    const results = (Array.isArray(result) ? result : [result]).filter((value) => value instanceof Tensor);
    recordCall({ operator: name, values: arranged, results });
  }
  return result;
}

/**
 * A function that calls a registered operator: arguments without a default come in order, the others by name in one
 * object at the end. Its schemas are looked up at the first call.
 * @throws TypeError when no form takes such arguments; Error with libtorch's reason when libtorch refuses them.
 */
export function operator(schemaName: string, overloadNames: readonly string[]): Operator {
  let overloads: Overload[] | null = null;
  const name = camelCase(schemaName.replace("aten::", ""));
  return (...values) => {
    overloads ??= overloadNames.map((overload) => readOverload(schemaName, overload));
    for (const overload of overloads) {
      const arranged = arrange(overload, values);
      if (arranged !== null) return callForm(name, overload, arranged);
    }
    throw noForm(name, values, overloads);
  };
}
