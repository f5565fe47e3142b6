// Coverage tables: measured and published error at each coverage, and the difference of each line from the baseline.
import { standardErrorOf } from "../../../metrics/index.js";
import { differenceNote, differenceText } from "../spread-text.js";
import { pairedDifference, type SeedValues, spreadOfSeeds } from "../statistics.js";
import type { Section, StudyResults } from "../types.js";
import { type CoverageLine, comparedLines, coverageLines } from "./coverage.js";
import { COVERAGES, type Coverage } from "./coverages.js";

const NONE = "\u2013";

/** For each group its errors, reference values below the measured ones, and the differences of its lines from the baseline. */
export function coverageSections(results: StudyResults): Section[] {
  const lines = coverageLines(results);
  const groups = [...new Set(lines.map(({ group }) => group))];
  return groups.flatMap((group) => {
    const own = lines.filter((line) => line.group === group);
    return [errorSection(group, own), ...differenceSection(results, group, own)];
  });
}

function errorSection(group: string | null, lines: readonly CoverageLine[]): Section {
  const shown = shownCoverages(lines);
  const sources = [...new Set(lines.flatMap(sourcesOf))];
  return {
    heading: group ?? "",
    table: {
      head: ["error at coverage (%)", "score", ...shown.map((coverage) => `${coverage}%`), "AURC", "seeds"],
      rows: lines.flatMap((line) => [measuredRow(line, shown), ...referenceRows(line, shown, sources)]),
      notes: [...sources.map((source, i) => `[${i + 1}] ${source}.`), ...notes(lines)],
    },
  };
}

/** None where nothing is compared. */
function differenceSection(results: StudyResults, group: string | null, lines: readonly CoverageLine[]): Section[] {
  const compared = comparedLines(results, lines);
  const shown = shownCoverages(lines);
  if (compared.length === 0) return [];
  return [
    {
      heading: `${group === null ? "D" : `${group}: d`}ifference from ${results.baseline}`,
      table: {
        head: ["points", "score", ...shown.map((coverage) => `${coverage}%`), "AURC"],
        rows: compared.map(({ line, base }) => differenceRow(line, base, shown)),
        notes: [differenceNote],
      },
    },
  ];
}

const shownCoverages = (lines: readonly CoverageLine[]) =>
  COVERAGES.filter((coverage) => lines.some(({ cells }) => isKnown(cells.get(coverage))));

type Cell = ReturnType<CoverageLine["cells"]["get"]>;

const isKnown = (cell: Cell) => cell !== undefined && (cell.error.size > 0 || cell.reference !== null);

const sourcesOf = ({ cells }: CoverageLine) => [...cells.values()].flatMap(({ reference }) => reference?.source ?? []);

/** In percent, without the sign. */
const hundredfold = (value: number) => (100 * value).toFixed(2);

const around = (mean: string, error: number | null) => (error === null ? mean : `${mean} \u00b1 ${hundredfold(error)}`);

function measured(values: SeedValues | null | undefined): string {
  const spread = values && spreadOfSeeds(values);
  return spread ? around(hundredfold(spread.mean), standardErrorOf(spread)) : NONE;
}

function measuredRow(line: CoverageLine, shown: readonly Coverage[]): string[] {
  const errors = shown.map((coverage) => measured(line.cells.get(coverage)?.error));
  return [line.name, line.score ?? NONE, ...errors, measured(line.aurc), String(line.seeds)];
}

function referenceRows({ cells }: CoverageLine, shown: readonly Coverage[], sources: readonly string[]): string[][] {
  const used = new Set([...cells.values()].flatMap(({ reference }) => reference?.source ?? []));
  if (used.size === 0) return [];
  const marks = [...used].map((source) => `[${sources.indexOf(source) + 1}]`);
  const published = shown.map((coverage) => cells.get(coverage)?.reference);
  return [
    [
      `reference ${marks.join(" ")}`,
      "",
      ...published.map((value) => (value ? around(hundredfold(value.mean), value.deviation) : "")),
      "",
      "",
    ],
  ];
}

function differenceRow(line: CoverageLine, base: CoverageLine, shown: readonly Coverage[]): string[] {
  const errors = shown.map((coverage) => difference(line.cells.get(coverage)?.error, base.cells.get(coverage)?.error));
  return [line.name, line.score ?? NONE, ...errors, difference(line.aurc, base.aurc)];
}

const difference = (a: SeedValues | null | undefined, b: SeedValues | null | undefined) =>
  differenceText(a && b ? pairedDifference(a, b) : null, 2);

function notes(lines: readonly CoverageLine[]): string[] {
  const said = [
    "Error rate on the most confident samples, at the coverage of the column, in percent; AURC is the " +
      "area under the risk-coverage curve, in percent.",
    "\u00b1 is the standard error of the mean over seeds; one seed has none. That of reference values is as published.",
  ];
  if (lines.some(({ aurc, seeds }) => aurc === null && seeds > 0)) {
    said.push(`${NONE} under AURC: the line's coverages are of several networks.`);
  }
  return said;
}
