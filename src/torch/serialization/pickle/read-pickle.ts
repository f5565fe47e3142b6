// A pickle by itself, such as a file of CIFAR's Python version.
import { byteReader } from "./byte-reader.js";
import { createPickleContext } from "./context.js";
import { unpickle } from "./unpickler.js";

/**
 * The value in a pickle of plain values and NumPy arrays (`PickledArray`); nothing in it is executed.
 *
 * @throws InputError naming the file where it is damaged, or refers to anything else.
 */
export function readPickle(bytes: Uint8Array, name: string): unknown {
  return unpickle(byteReader(bytes, name), createPickleContext(name, bytes.length));
}
