// The figures of a coverage table: selective risk at each coverage, one line for each method and score.
import type { ScoreName } from "../../../metrics/index.js";
import { bySeed, type SeedValues } from "../statistics.js";
import type { StudyLine, StudyResults, StudyRowResults, StudyRun } from "../types.js";
import { COVERAGES, type Coverage } from "./coverages.js";

/** One cell of a line: the measured and the reference error. */
export interface CoverageCell {
  readonly error: SeedValues;
  readonly reference: { readonly mean: number; readonly deviation: number | null; readonly source: string } | null;
}

export interface CoverageLine {
  readonly group: string | null;
  readonly name: string;
  /** The confidence score; null before any run, if the study leaves it to the method. */
  readonly score: ScoreName | null;
  readonly cells: ReadonlyMap<Coverage, CoverageCell>;
  /** Null for a line whose coverages are those of several networks. */
  readonly aurc: SeedValues | null;
  /** The largest number of runs in a cell's mean. */
  readonly seeds: number;
}

/** The part of a line that comes from one row. */
interface Part {
  readonly row: StudyRowResults;
  readonly line: StudyLine;
}

/** The lines in row order; lines with the same name in a group are merged. */
export function coverageLines({ rows }: Pick<StudyResults, "rows">): CoverageLine[] {
  const joined = new Map<string, Part[]>();
  for (const row of rows) {
    for (const line of row.lines ?? [{}]) {
      const key = JSON.stringify([row.group ?? null, line.name ?? row.name]);
      joined.set(key, [...(joined.get(key) ?? []), { row, line }]);
    }
  }
  return [...joined.values()].map(lineOf);
}

function lineOf(parts: readonly Part[]): CoverageLine {
  const [{ row, line }] = parts as [Part];
  const cells = new Map(parts.flatMap(cellsOf).sort(([a], [b]) => b - a));
  const isWhole = parts.length === 1 && line.at === undefined;
  return {
    group: row.group ?? null,
    name: line.name ?? row.name,
    score: parts.map(scoreOf).find((score) => score !== null) ?? null,
    cells,
    aurc: isWhole ? bySeed(row.runs, (run) => figuresOf(run, line)?.aurc) : null,
    seeds: Math.max(...[...cells.values()].map(({ error }) => error.size)),
  };
}

function cellsOf({ row, line }: Part): [Coverage, CoverageCell][] {
  const { at = COVERAGES, paper } = line;
  return at.map((coverage) => {
    const [mean, deviation = null] = paper?.errorAtCoverage[coverage] ?? [];
    const reference = paper && mean !== undefined ? { mean, deviation, source: paper.source } : null;
    const error = bySeed(row.runs, (run) => figuresOf(run, line)?.errorAtCoverage[coverage]);
    return [coverage, { error, reference }];
  });
}

const ownScore = ({ summary }: StudyRun) => (Object.keys(summary.scores ?? {})[0] ?? null) as ScoreName | null;

const scoreOf = ({ row, line }: Part) => line.score ?? row.runs.map(ownScore).find((score) => score !== null) ?? null;

function figuresOf(run: StudyRun, { score }: StudyLine) {
  const asked = score ?? ownScore(run);
  return asked === null ? undefined : run.summary.scores?.[asked];
}

/** Each line with its group's baseline; empty if the study names no baseline. */
export function comparedLines(
  { baseline }: Pick<StudyResults, "baseline">,
  lines: readonly CoverageLine[],
): { readonly line: CoverageLine; readonly base: CoverageLine }[] {
  return lines.flatMap((line) => {
    const base = lines.find(({ name, group }) => name === baseline && group === line.group);
    return base === undefined || base === line || line.seeds === 0 ? [] : [{ line, base }];
  });
}
