// The pickle instructions that weights files use, by their one-character codes; no others are read.

import { quoted } from "../quoted.js";
import { PickleGlobal } from "./context.js";
import { findPickleGlobal } from "./globals.js";
import type { PickleMachine } from "./machine.js";
import { storageReference } from "./pending-tensors.js";

type Instruction = (machine: PickleMachine) => void;

const HIGHEST_PROTOCOL = 5;

const SCALARS: [string, Instruction][] = [
  ["N", ({ push }) => push(null)],
  ["\x88", ({ push }) => push(true)],
  ["\x89", ({ push }) => push(false)],
  ["K", ({ push, reader }) => push(reader.uint8())],
  ["M", ({ push, reader }) => push(reader.uint16())],
  ["J", ({ push, reader }) => push(reader.int32())],
  ["\x8a", ({ push, reader }) => push(readLong(reader.take(reader.uint8())))],
  ["G", ({ push, reader }) => push(reader.bigEndianFloat64())],
  ["X", ({ push, reader }) => push(decode(reader.take(reader.uint32()), "utf8"))],
  ["\x8c", ({ push, reader }) => push(decode(reader.take(reader.uint8()), "utf8"))],
  ["\x8d", ({ push, reader }) => push(decode(reader.take(reader.uint64()), "utf8"))],
  ["T", ({ push, reader }) => push(decode(reader.take(reader.uint32()), "latin1"))],
  ["U", ({ push, reader }) => push(decode(reader.take(reader.uint8()), "latin1"))],
  ["B", ({ push, reader }) => push(reader.take(reader.uint32()))],
  ["C", ({ push, reader }) => push(reader.take(reader.uint8()))],
  ["\x8e", ({ push, reader }) => push(reader.take(reader.uint64()))],
  ["\x96", ({ push, reader }) => push(reader.take(reader.uint64()))],
];

const CONTAINERS: [string, Instruction][] = [
  ["}", ({ push }) => push(new Map())],
  ["]", ({ push }) => push([])],
  ["\x8f", ({ push }) => push(new Set())],
  [")", ({ push }) => push(Object.freeze([]))],
  ["\x85", ({ push, popMany }) => push(Object.freeze(popMany(1)))],
  ["\x86", ({ push, popMany }) => push(Object.freeze(popMany(2)))],
  ["\x87", ({ push, popMany }) => push(Object.freeze(popMany(3)))],
  ["t", ({ push, popToMark }) => push(Object.freeze(popToMark()))],
  ["l", ({ push, popToMark }) => push(popToMark())],
  ["a", (machine) => appendAll(machine, machine.popMany(1))],
  ["e", (machine) => appendAll(machine, machine.popToMark())],
  ["s", (machine) => setAll(machine, machine.popMany(2))],
  ["u", (machine) => setAll(machine, machine.popToMark())],
  ["\x90", (machine) => addAll(machine, machine.popToMark())],
];

const CONTROL: [string, Instruction][] = [
  ["\x80", checkProtocol],
  ["\x95", ({ reader }) => void reader.take(8)],
  ["(", ({ mark }) => mark()],
  ["0", ({ pop }) => void pop()],
  ["1", ({ popToMark }) => void popToMark()],
  ["2", ({ push, peek }) => push(peek())],
  ["q", ({ remember, reader }) => remember(reader.uint8())],
  ["r", ({ remember, reader }) => remember(reader.uint32())],
  ["\x94", ({ rememberNext }) => rememberNext()],
  ["h", ({ recall, reader }) => recall(reader.uint8())],
  ["j", ({ recall, reader }) => recall(reader.uint32())],
];

const OBJECTS: [string, Instruction][] = [
  [
    "c",
    ({ push, reader, context }) => push(findPickleGlobal(readName(reader.line()), readName(reader.line()), context)),
  ],
  ["\x93", pushNamedGlobal],
  ["Q", ({ push, pop, context }) => push(storageReference(pop(), context))],
  ["R", call],
  ["\x81", call],
  ["b", setState],
];

/** The effect of each instruction on the machine; other codes are refused. */
export const PICKLE_INSTRUCTIONS: ReadonlyMap<string, Instruction> = new Map([
  ...SCALARS,
  ...CONTAINERS,
  ...CONTROL,
  ...OBJECTS,
]);

function decode(bytes: Uint8Array, encoding: "utf8" | "latin1"): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(encoding);
}

function readName(bytes: Uint8Array): string {
  return decode(bytes, "utf8");
}

function readLong(bytes: Uint8Array): number | bigint {
  if (bytes.length === 0) return 0;
  const magnitude = BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
  const value = BigInt.asIntN(bytes.length * 8, magnitude);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function checkProtocol({ reader, context }: PickleMachine): void {
  const protocol = reader.uint8();
  if (protocol > HIGHEST_PROTOCOL)
    throw context.refuse(`pickle protocol ${protocol}; expected at most ${HIGHEST_PROTOCOL}`);
}

function appendAll({ peek, context }: PickleMachine, items: unknown[]): void {
  const list = peek();
  // Tuples are frozen.
  if (!Array.isArray(list) || Object.isFrozen(list)) throw context.refuse("damaged pickle: appends to what is no list");
  for (const item of items) list.push(item);
}

function setAll({ peek, context }: PickleMachine, items: unknown[]): void {
  const map = peek();
  if (!(map instanceof Map) || items.length % 2 !== 0) {
    throw context.refuse("damaged pickle: sets entries of what is no dictionary");
  }
  for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
}

function addAll({ peek, context }: PickleMachine, items: unknown[]): void {
  const set = peek();
  if (!(set instanceof Set)) throw context.refuse("damaged pickle: adds to what is no set");
  for (const item of items) set.add(item);
}

function pushNamedGlobal({ push, popMany, context }: PickleMachine): void {
  const [module, name] = popMany(2);
  if (typeof module !== "string" || typeof name !== "string") {
    throw context.refuse("damaged pickle: names something by what is no string");
  }
  push(findPickleGlobal(module, name, context));
}

function call({ push, popMany, context }: PickleMachine): void {
  const [callee, args] = popMany(2);
  if (!(callee instanceof PickleGlobal) || !Array.isArray(args))
    throw context.refuse("damaged pickle: calls what cannot be called");
  if (callee.call === undefined)
    throw context.refuse(`calls ${quoted(callee.path)}, which a weights file has no need to call`);
  push(callee.call(args, context));
}

function setState({ pop, peek, context }: PickleMachine): void {
  const state = pop();
  const target = peek();
  const setter = typeof target === "object" && target !== null ? context.stateSetters.get(target) : undefined;
  if (setter === undefined) throw context.refuse("damaged pickle: gives a state to what takes none");
  setter(state);
}
