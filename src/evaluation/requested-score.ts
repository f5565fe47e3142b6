// The requested confidence score and number of passes, checked before anything is computed.
import { didYouMean, InputError } from "../errors.js";
import { nativeScore } from "../methods/index.js";
import type { ScoreName } from "../metrics/index.js";
import { option } from "../options/index.js";
import { outputScores } from "./selective-figures.js";

/** Every score that the networks of a method have, the method's first. */
export function runScores(method: string): ScoreName[] {
  return [...outputScores(method), "mc-dropout"];
}

/** @throws InputError for a score that the networks of the method do not have. */
export function scoreNamed(name: string, method: string, further: readonly string[] = []): ScoreName {
  const known = runScores(method);
  if (known.includes(name as ScoreName)) return name as ScoreName;
  const expected = [...known, ...further];
  throw new InputError(
    `${option("score")}: received "${name}"; a run by ${method} has ${expected.join(", ")}${didYouMean(name, expected)}`,
  );
}

/** @throws InputError for passes with another score than MC dropout. */
export function checkPasses(passes: number | undefined, dropout: boolean): void {
  if (passes !== undefined && !dropout)
    throw new InputError(`${option("passes")}: received ${passes}; it goes with ${option("score", "mc-dropout")}`);
}

/** The requested scores: one for the headline figures, and all for the table of `all`. */
export interface RequestedScores {
  readonly score: ScoreName;
  readonly all: readonly ScoreName[];
}

/**
 * The named score; for `all`, the method's score and all others.
 * @throws InputError for a score that the networks of the method do not have, and for passes that do not fit.
 */
export function requestedScores(
  method: string,
  {
    score = nativeScore(method),
    passes,
  }: { readonly score?: string | undefined; readonly passes?: number | undefined },
): RequestedScores {
  if (score === "all") return { score: nativeScore(method), all: runScores(method) };
  const named = scoreNamed(score, method, ["all"]);
  checkPasses(passes, named === "mc-dropout");
  return { score: named, all: [] };
}
