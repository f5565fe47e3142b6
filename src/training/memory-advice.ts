// Advice for training that does not fit into memory.
import { InputError } from "../errors.js";
import { option } from "../options/index.js";

/** Adds advice to libtorch's out-of-memory errors; returns other errors unchanged. */
export function withMemoryAdvice(
  error: unknown,
  { batchSize, accumulate }: { readonly batchSize: number; readonly accumulate: number },
): unknown {
  const { message = "" } = error as Error;
  if (!/out of memory|can't allocate memory/i.test(message)) return error;
  const line = message.split("\n")[0];
  return new InputError(
    `${line}; ${option("accumulate", 2 * accumulate)} splits each batch, ${option("batchSize", Math.max(2, Math.floor(batchSize / 2)))} makes it smaller`,
  );
}
