// The state of the unpickler: a stack cut into sections by marks, and a memo of numbered values.
import type { ByteReader } from "./byte-reader.js";
import type { PickleContext } from "./context.js";

export interface PickleMachine {
  readonly reader: ByteReader;
  readonly context: PickleContext;
  readonly push: (value: unknown) => void;
  readonly pop: () => unknown;
  /** Removes and returns the last `count` values, oldest first. */
  readonly popMany: (count: number) => unknown[];
  readonly peek: () => unknown;
  readonly mark: () => void;
  /** Removes and returns everything since the last mark, and the mark. */
  readonly popToMark: () => unknown[];
  readonly remember: (slot: number) => void;
  readonly rememberNext: () => void;
  readonly recall: (slot: number) => void;
}

/** An empty machine; every method throws `InputError` where the pickle reads what is not there. */
export function createPickleMachine(reader: ByteReader, context: PickleContext): PickleMachine {
  const stack: unknown[] = [];
  const marks: number[] = [];
  const memo = new Map<number, unknown>();

  function requireValues(count: number): void {
    if (stack.length - (marks.at(-1) ?? 0) >= count) return;
    throw context.refuse(`damaged pickle: stack underflow before byte ${reader.offset()}`);
  }

  function popMany(count: number): unknown[] {
    requireValues(count);
    return stack.splice(stack.length - count);
  }

  function pop(): unknown {
    requireValues(1);
    return stack.pop();
  }

  function peek(): unknown {
    requireValues(1);
    return stack.at(-1);
  }

  function popToMark(): unknown[] {
    const start = marks.pop();
    if (start === undefined) throw context.refuse(`damaged pickle: no mark before byte ${reader.offset()}`);
    return stack.splice(start);
  }

  function recall(slot: number): void {
    if (!memo.has(slot)) throw context.refuse(`damaged pickle: refers to memo entry ${slot}, which does not exist`);
    stack.push(memo.get(slot));
  }

  return {
    reader,
    context,
    push: (value) => void stack.push(value),
    pop,
    popMany,
    peek,
    mark: () => void marks.push(stack.length),
    popToMark,
    remember: (slot) => void memo.set(slot, peek()),
    rememberNext: () => void memo.set(memo.size, peek()),
    recall,
  };
}
