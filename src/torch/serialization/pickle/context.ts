// The context of reading a pickle: a budget against absurd sizes, and tensors that wait for their bytes.
import { InputError } from "../../../errors.js";
import type { PendingTensor } from "./storage-reference.js";

export interface PickleContext {
  /** Takes copied bytes from the budget of a file of this size, and refuses when it is used up. */
  readonly spend: (bytes: number) => void;
  /** As `spend`, for items copied from one container to another. */
  readonly spendItems: (count: number) => void;
  /** How an object takes the state of a BUILD instruction; one without an entry takes none. */
  readonly stateSetters: WeakMap<object, (state: unknown) => void>;
  /** Tensors whose storages are read after the pickle. */
  readonly pendingTensors: PendingTensor[];
  readonly refuse: (problem: string) => InputError;
}

/** A name that a pickle refers to: inert unless it has a `call`, which only ever builds plain values. */
export class PickleGlobal {
  readonly path: string;
  readonly call: ((args: readonly unknown[], context: PickleContext) => unknown) | undefined;

  constructor(path: string, call?: PickleGlobal["call"]) {
    this.path = path;
    this.call = call;
  }
}

const FREE_ALLOWANCE = 64 * 1024 * 1024;
const ALLOWANCE_PER_BYTE = 16;
// What an entry of a Map takes, roughly; the least that one takes in a file is 5 bytes.
const ITEM_BYTES = 64;

/** The context of one file's pickles; copies may total 64 MiB and 16 times the file's size. */
export function createPickleContext(name: string, fileSize: number): PickleContext {
  let left = FREE_ALLOWANCE + ALLOWANCE_PER_BYTE * fileSize;
  const refuse = (problem: string) => new InputError(`${name}: ${problem}`);

  function spend(bytes: number): void {
    left -= bytes;
    // Written so that NaN, from an overflowing product of sizes, is refused too.
    if (left >= 0) return;
    throw refuse(`absurd sizes: a file of ${fileSize} bytes requests another ${bytes}, more than it can need`);
  }

  const spendItems = (count: number) => spend(count * ITEM_BYTES);
  return { spend, spendItems, refuse, stateSetters: new WeakMap(), pendingTensors: [] };
}
