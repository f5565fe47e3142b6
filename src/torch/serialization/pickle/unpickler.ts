// A restricted unpickler: a stack machine for the instructions that weights files use, which executes nothing.
import type { ByteReader } from "./byte-reader.js";
import type { PickleContext } from "./context.js";
import { PICKLE_INSTRUCTIONS } from "./instructions.js";
import { createPickleMachine, type PickleMachine } from "./machine.js";

const STOP = 0x2e;

/**
 * Reads one pickle (protocols 2 to 5); the reader is then after it.
 *
 * Dictionaries become Maps, lists arrays, tuples frozen arrays, None null; tensors are completed by `fillTensors` once
 * their storages are known. Only the names in `pickle-globals.ts` are known, and all they can do is build such values.
 *
 * @throws InputError naming the file for any other name or instruction, and for a pickle that is damaged.
 * @see https://github.com/python/cpython/blob/main/Lib/pickletools.py for the instructions
 */
export function unpickle(reader: ByteReader, context: PickleContext): unknown {
  const machine = createPickleMachine(reader, context);
  for (;;) {
    const at = reader.offset();
    const code = reader.uint8();
    if (code === STOP) return machine.pop();
    step(code, at, machine);
  }
}

function step(code: number, at: number, machine: PickleMachine): void {
  const instruction = PICKLE_INSTRUCTIONS.get(String.fromCharCode(code));
  if (instruction === undefined) {
    const hex = `0x${code.toString(16).padStart(2, "0")}`;
    throw machine.context.refuse(`pickle instruction ${hex} at byte ${at} is not one that PyTorch's weights files use`);
  }
  instruction(machine);
}
