// From a typed call to libtorch's dispatcher: the overload is chosen by the arguments' types, as in PyTorch.
import { Generator } from "./generator.js";
import { type Argument, native } from "./native.js";
import { recordCall, recording } from "./recorder.js";
import { Tensor } from "./tensor.js";

type Accepts = (value: unknown) => boolean;

/** One form of an operator, ready to be matched and called. */
interface Overload {
  readonly number: number;
  readonly arguments: readonly Argument[];
  /** Whether a value has an argument's type, by position. */
  readonly accepts: readonly Accepts[];
  /** The positions of named arguments that must be given. */
  readonly required: readonly number[];
  /** How many arguments are positional; the others are options. */
  readonly positional: number;
  /** The schema's position of each option, by its camel-case name. */
  readonly options: ReadonlyMap<string, number>;
}

export type Operator = (...values: unknown[]) => unknown;

/** Describes what is wrong with arguments that libtorch does not check, by their schema names; null where nothing is. */
export type ArgumentCheck = (values: Readonly<Record<string, unknown>>) => string | null;

/** `memory_format` becomes `memoryFormat`; a trailing underscore stays. */
export function camelCase(name: string): string {
  return name.replace(/^_+/, "").replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * The forms of an operator by their overload names, each with the number of its positional arguments (default: those without
 * a default value): a later libtorch than the types were generated from may have given one of them a default.
 */
export type Forms = Readonly<Record<string, number | null>>;

function readOverload(name: string, overload: string, stated: number | null): Overload {
  const number = native.find(name, overload);
  const list = native.signature(number);
  const positional = stated ?? list.filter((argument) => !argument.optional && !argument.keywordOnly).length;
  const options = new Map(list.map((argument, i) => [camelCase(argument.name), i] as const).slice(positional));
  const required = list.flatMap(({ keywordOnly, optional }, i) => (keywordOnly && !optional ? [i] : []));
  return { number, arguments: list, accepts: list.map(accepting), required, positional, options };
}

const isScalar: Accepts = (value) => ["number", "boolean", "bigint"].includes(typeof value);
const isNumber: Accepts = (value) => typeof value === "number";
const isList: Accepts = (value) => Array.isArray(value) || ArrayBuffer.isView(value);

const kinds: Readonly<Record<string, Accepts>> = {
  Tensor: (value) => value instanceof Tensor,
  Scalar: isScalar,
  int: (value) => typeof value === "number" || typeof value === "bigint",
  SymInt: (value) => typeof value === "number" || typeof value === "bigint",
  float: isNumber,
  bool: (value) => typeof value === "boolean",
  Generator: (value) => value instanceof Generator,
};

const scalarList = "Scalar[]";

/** Whether a value has a schema type; the addon checks its contents, but for lists of numbers, of which there may be one of tensors in another form. */
function accepting({ type, repeats }: Pick<Argument, "type" | "repeats">): Accepts {
  if (type.endsWith("?")) {
    const accepts = accepting({ type: type.slice(0, -1), repeats });
    return (value) => value === null || accepts(value);
  }
  if (type === scalarList) return (value) => Array.isArray(value) && value.length > 0 && value.every(isScalar);
  if (type.endsWith("]")) return repeats ? (value) => isNumber(value) || isList(value) : isList;
  return kinds[type] ?? ((value) => typeof value === "string");
}

function isOptions(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The arguments in the schema's order, or null where they do not fit this form. */
function arrange(overload: Overload, values: readonly unknown[]): readonly unknown[] | null {
  const { positional: count, accepts, required } = overload;
  if (values.length < count || values.length > count + 1) return null;
  for (let i = 0; i < count; i++) if (!accepts[i]?.(values[i])) return null;
  if (values.length === count) return required.length === 0 ? values : null;
  const first = values.slice(0, count);
  const last = values[count];
  if (last !== undefined && !(isOptions(last) && placeOptions(overload, last, first))) return null;
  return required.every((position) => first[position] !== undefined) ? first : null;
}

/** Puts options at their schema positions; false where one is unknown or of the wrong type. */
function placeOptions({ options, accepts }: Overload, given: Record<string, unknown>, arranged: unknown[]): boolean {
  return Object.entries(given).every(([name, value]) => {
    const position = options.get(name);
    if (position === undefined || !(value === undefined || accepts[position]?.(value))) return false;
    arranged[position] = value;
    return true;
  });
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

function namedValues({ arguments: list }: Overload, arranged: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(list.map(({ name }, i) => [name, arranged[i]]));
}

/** Calls one form with arguments in the schema's order. */
function callForm(name: string, overload: Overload, arranged: readonly unknown[]): unknown {
  let result: unknown;
  try {
    result = wrap(native.call(overload.number, arranged.map(unwrap)));
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (recording()) {
    const results = (Array.isArray(result) ? result : [result]).filter((value) => value instanceof Tensor);
    recordCall({ operator: name, values: arranged, results });
  }
  return result;
}

const takesNumbers = ({ arguments: list }: Overload) => list.some(({ type }) => type === scalarList);

/**
 * A function that calls a registered operator: arguments without a default come in order, the others by name in one
 * object at the end. Its schemas are looked up at the first call. `check` runs first.
 * @throws TypeError when no form takes these arguments; Error with libtorch's message when libtorch refuses them.
 */
export function operator(schemaName: string, forms: Forms, check?: ArgumentCheck): Operator {
  let overloads: Overload[] | null = null;
  const name = camelCase(schemaName.replace("aten::", ""));
  return (...values) => {
    overloads ??= Object.entries(forms)
      .map(([overload, stated]) => readOverload(schemaName, overload, stated))
      .sort((a, b) => Number(takesNumbers(b)) - Number(takesNumbers(a)));
    for (const overload of overloads) {
      const arranged = arrange(overload, values);
      if (arranged === null) continue;
      const complaint = check?.(namedValues(overload, arranged)) ?? null;
      if (complaint !== null) throw new Error(`${name}: ${complaint}`);
      return callForm(name, overload, arranged);
    }
    throw noForm(name, values, overloads);
  };
}
