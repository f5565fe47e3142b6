// The coverage table: measured and published error at each coverage, and the difference of each line to the baseline.

import type { StudyResults, StudyTable } from "../types.js";
import { type CoverageLine, comparedLines, coverageLines, type Difference, difference } from "./coverage.js";
import { COVERAGES, type Coverage } from "./coverages.js";

const NONE = "\u2013";
const MINUS = "\u2212";

/** For each line a row of measured values and one of reference values below it; the differences at the end. */
export function coverageTable(results: StudyResults): StudyTable {
  const lines = coverageLines(results);
  const shown = COVERAGES.filter((coverage) => lines.some(({ cells }) => isKnown(cells.get(coverage))));
  const sources = [...new Set(lines.flatMap(sourcesOf))];
  const compared = comparedLines(results, lines);
  return {
    head: ["error at coverage (%)", "score", ...shown.map((coverage) => `${coverage}%`), "AURC", "seeds"],
    rows: [
      ...lines.flatMap((line) => [measuredRow(line, shown), ...referenceRows(line, shown, sources)]),
      ...compared.map(({ line, base }) => differenceRow(line, base, shown)),
    ],
    notes: [...sources.map((source, i) => `[${i + 1}] ${source}.`), ...notes(lines, compared.length > 0)],
  };
}

type Cell = ReturnType<CoverageLine["cells"]["get"]>;

const isKnown = (cell: Cell) => cell !== undefined && (cell.error !== null || cell.reference !== null);

const sourcesOf = ({ cells }: CoverageLine) => [...cells.values()].flatMap(({ reference }) => reference?.source ?? []);

const fullName = ({ group, name }: CoverageLine) => (group === null ? name : `${group}: ${name}`);

/** In percent, without the sign. */
const hundredfold = (value: number) => (100 * value).toFixed(2);

const around = (mean: string, deviation: number | null) =>
  deviation === null ? mean : `${mean} \u00b1 ${hundredfold(deviation)}`;

const spread = (value: { mean: number; deviation: number | null } | null | undefined) =>
  value == null ? NONE : around(hundredfold(value.mean), value.deviation);

function measuredRow(line: CoverageLine, shown: readonly Coverage[]): string[] {
  const errors = shown.map((coverage) => spread(line.cells.get(coverage)?.error));
  return [fullName(line), line.score ?? NONE, ...errors, spread(line.aurc), String(line.seeds)];
}

function referenceRows({ cells }: CoverageLine, shown: readonly Coverage[], sources: readonly string[]): string[][] {
  const used = new Set([...cells.values()].flatMap(({ reference }) => reference?.source ?? []));
  if (used.size === 0) return [];
  const marks = [...used].map((source) => `[${sources.indexOf(source) + 1}]`);
  const published = shown.map((coverage) => cells.get(coverage)?.reference);
  return [[`reference ${marks.join(" ")}`, "", ...published.map((value) => (value ? spread(value) : "")), "", ""]];
}

function differenceRow(line: CoverageLine, base: CoverageLine, shown: readonly Coverage[]): string[] {
  const errors = shown.map((coverage) =>
    signed(difference(line.cells.get(coverage)?.error ?? null, base.cells.get(coverage)?.error ?? null)),
  );
  return [`${fullName(line)} ${MINUS} ${base.name}`, "", ...errors, signed(difference(line.aurc, base.aurc)), ""];
}

function signed(value: Difference | null): string {
  if (value === null) return NONE;
  const size = hundredfold(Math.abs(value.mean));
  return around(value.mean < 0 ? `${MINUS}${size}` : `+${size}`, value.standardError);
}

function notes(lines: readonly CoverageLine[], compared: boolean): string[] {
  const said = [
    "Error rate on the most confident samples, at the coverage of the column, in percent; AURC is the " +
      "area under the risk-coverage curve, in percent.",
    "\u00b1 is the sample standard deviation over seeds, s; the standard error of a mean is s / \u221an. One seed has neither.",
  ];
  if (compared) {
    said.push(
      "In the lines of differences, in points, \u00b1 is the standard error \u221a(s\u2081\u00b2/n\u2081 + s\u2082\u00b2/n\u2082): two means are within two standard " +
        "errors of each other if the difference is less than twice the number after \u00b1. " +
        "The formula assumes independent runs; it overestimates the error for lines of the same networks.",
    );
  }
  if (lines.some(({ aurc, seeds }) => aurc === null && seeds > 0)) {
    said.push(`${NONE} under AURC: the line's coverages are of several networks.`);
  }
  return said;
}
