// A coverage table as JSON.

import type { Spread } from "../statistics.js";
import type { StudyResults } from "../types.js";
import { type CoverageLine, comparedLines, coverageLines, difference, standardError } from "./coverage.js";

/** The value of `lines` in `results.json`: errors and AURC as fractions of 1, by coverage in percent. */
export function coverageJson(results: StudyResults) {
  const lines = coverageLines(results);
  const bases = new Map(comparedLines(results, lines).map(({ line, base }) => [line, base]));
  return lines.map((line) => {
    const { group, name, score, seeds, aurc } = line;
    return { group, name, score, seeds, errorAtCoverage: errors(line, bases.get(line)), aurc: withError(aurc) };
  });
}

const withError = (spread: Spread | null) => spread && { ...spread, standardError: standardError(spread) };

function errors({ cells }: CoverageLine, base: CoverageLine | undefined) {
  const all = [...cells].map(([coverage, { error, reference }]) => {
    const overBaseline = difference(error, base?.cells.get(coverage)?.error ?? null);
    return [coverage, { measured: withError(error), reference, ...(base && { overBaseline }) }] as const;
  });
  return Object.fromEntries(all);
}
