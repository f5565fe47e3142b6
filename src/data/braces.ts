// Paths with braces for several files: `shards/{000..123}.tar`, `{train,val}-{0..9}.tar`.
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { InputError } from "../errors.js";

const group = /\{([^{}]*)\}/;
const range = /^(\d+)\.\.(\d+)$/;
/** More files than any data set has are a mistake. */
const mostPaths = 1_000_000;

/** Whether a path stands for several; not where a file or folder has just this name. */
export const hasBraces = (path: string): boolean => group.test(path) && !existsSync(path);

/**
 * The paths that a path with braces stands for, in order. A range counts with the leading zeros of its first number.
 *
 * Throws `InputError` for braces without a range or a comma, and for more than a million paths.
 */
export function expandBraces(path: string): string[] {
  const [braces, inside] = group.exec(path) ?? [];
  if (braces === undefined || inside === undefined) return [path];
  const words = wordsOf(path, inside);
  const rests = words.flatMap((word) => expandBraces(path.replace(braces, () => word)));
  if (rests.length > mostPaths) throw new InputError(`"${path}" stands for more than ${mostPaths} files`);
  return rests;
}

/** The deepest folder that all paths of one with braces are in. */
export const folderOfBraces = (path: string): string => dirname(path.slice(0, path.indexOf("{")).concat("x"));

function wordsOf(path: string, inside: string): string[] {
  const [, first, last] = range.exec(inside) ?? [];
  if (first === undefined || last === undefined) {
    if (inside.includes(",")) return inside.split(",");
    throw new InputError(
      `"${path}": received {${inside}}; expected a range, such as {000..123}, or comma-separated names`,
    );
  }
  const [from, to] = [Number(first), Number(last)];
  if (to < from || to - from >= mostPaths) {
    throw new InputError(`"${path}": received {${inside}}; expected a range that ends after it begins`);
  }
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i).padStart(first.length, "0"));
}
