// What helps when training does not fit into memory.
import { InputError } from "../errors.js";
import { option } from "../options/index.js";

/** An error of libtorch that says that memory ran out, with advice; any other error as it is. */
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
