// A coverage table as JSON.

import { standardErrorOf } from "../../../metrics/index.js";
import { pairedDifference, type SeedValues, spreadOfSeeds } from "../statistics.js";
import type { StudyResults } from "../types.js";
import { type CoverageLine, comparedLines, coverageLines } from "./coverage.js";

/** The value of `lines` in `results.json`: errors and AURC as fractions of 1, by coverage in percent. */
export function coverageJson(results: StudyResults) {
  const lines = coverageLines(results);
  const bases = new Map(comparedLines(results, lines).map(({ line, base }) => [line, base]));
  return lines.map((line) => {
    const { group, name, score, seeds, aurc } = line;
    return { group, name, score, seeds, errorAtCoverage: errors(line, bases.get(line)), aurc: measured(aurc) };
  });
}

function measured(values: SeedValues | null) {
  const spread = values && spreadOfSeeds(values);
  return spread && { ...spread, standardError: standardErrorOf(spread) };
}

function errors({ cells }: CoverageLine, base: CoverageLine | undefined) {
  const all = [...cells].map(([coverage, { error, reference }]) => {
    const other = base?.cells.get(coverage)?.error;
    const overBaseline = other && { overBaseline: pairedDifference(error, other) };
    return [coverage, { measured: measured(error), reference, ...overBaseline }] as const;
  });
  return Object.fromEntries(all);
}
