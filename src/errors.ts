// The one error that is the user's to mend, and the suggestions that go into it.
import { closest, distance } from "fastest-levenshtein";

/** Wrong usage or bad input, in one line: what is wrong, the value received, what is expected. The command exits with 2. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** `; did you mean "resnet18"?` where a known name is near the one received, else nothing. */
export function didYouMean(received: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const nearest = closest(received, known);
  return distance(received, nearest) <= Math.max(2, received.length / 3) ? `; did you mean "${nearest}"?` : "";
}
