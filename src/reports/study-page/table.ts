// A study's table of reference and measured values, as Markdown and for a terminal.

import { percent } from "../../format.js";
import type { Spread } from "../../metrics/index.js";
import { axisTable } from "./axis-table.js";
import { coverageSections } from "./coverage/table.js";
import { matrixSections, matrixSummary } from "./matrix/tables.js";
import { representationsTable } from "./representations.js";
import { robustSections } from "./robust-table.js";
import { spreadNote, spreadText } from "./spread-text.js";
import { bestOnValidation, inItsTerms, lastEpoch, reportsErrors } from "./statistics.js";
import type { Section, StudyResults, StudyRowResults, StudyTable } from "./types.js";

const NONE = "\u2013";

function studyTable(results: StudyResults): StudyTable {
  if (results.draw === "representations") return representationsTable(results);
  return results.draw === "axis" ? axisTable(results) : accuracyTable(results);
}

/** Rows without runs have only their reference values. */
function accuracyTable(results: StudyResults): StudyTable {
  const sources = [...new Set(results.rows.flatMap(({ paper }) => paper?.source ?? []))];
  const what = reportsErrors(results) ? "test error" : "test accuracy";
  return {
    head: ["", "reference", `${what}, last epoch`, `${what}, best on noisy validation`, "seeds"],
    rows: results.rows.map((row) => cells(results, row, sources)),
    notes: [...sources.map((source, i) => `[${i + 1}] ${source}.`), ...notes(results.rows)],
  };
}

function cells(results: StudyResults, row: StudyRowResults, sources: readonly string[]): string[] {
  const { name, paper, runs } = row;
  const reference =
    paper && `${percent(inItsTerms(results, paper.testAccuracy))} [${sources.indexOf(paper.source) + 1}]`;
  const text = (spread: Spread | null) => spreadText(spread, (mean) => percent(inItsTerms(results, mean)));
  return [name, reference ?? "", text(lastEpoch(row)), text(bestOnValidation(row)), String(runs.length)];
}

function notes(rows: readonly StudyRowResults[]): string[] {
  const done = rows.filter(({ runs }) => runs.length > 0);
  const notes = [spreadNote];
  if (done.some((row) => bestOnValidation(row) === null)) {
    notes.push(`${NONE} under "best on noisy validation": nothing was held out.`);
  }
  if (done.some((row) => bestOnValidation(row) !== null)) {
    notes.push(
      '"Best on noisy validation" is the test figure of the epoch that was best on a held-out part with the same noise.',
    );
  }
  return notes;
}

/** The text above the table: progress and changed settings. */
function statusLine({ profile, planned, rows, settings }: StudyResults): string {
  const done = rows.reduce((sum, { runs }) => sum + runs.length, 0);
  const changed = settings.length === 0 ? "" : ` Changed in every recipe: ${settings.join(", ")}.`;
  return `Profile ${profile}; ${done} of ${planned} runs finished.${changed}`;
}

/** The tables of a study with their headings; a study's only table has none. */
export function studySections(results: StudyResults): Section[] {
  if (results.draw === "matrix") return matrixSections(results);
  if (results.draw === "robust") return robustSections(results);
  return results.draw === "coverage" ? coverageSections(results) : [{ heading: "", table: studyTable(results) }];
}

/** The table that a reader needs first, under the heading of the first of {@link studySections}. */
export function studySummary(results: StudyResults): Section {
  const [first = { heading: "", table: studyTable(results) }] = studySections(results);
  return results.draw === "matrix" ? { ...first, table: matrixSummary(results) ?? first.table } : first;
}

/** A table in Markdown, words to the left and figures to the right, and its notes. */
export function sectionMarkdown({ table: { head, rows, notes: below } }: Section): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const isWords = (column: number) => rows.every((row) => !/^[\d+\u2212\u2013]/.test(row[column]!));
  const rule = `|${head.map((_, column) => (column === 0 || isWords(column) ? " --- |" : " ---: |")).join("")}`;
  return [line(head), rule, ...rows.map(line), "", ...below.map((note) => `- ${note}`)];
}

/** The page `results.md`. */
export function studyMarkdown(results: StudyResults): string {
  const headed = (section: Section) => [
    ...(section.heading === "" ? [] : [`## ${section.heading}`, ""]),
    ...sectionMarkdown(section),
    "",
  ];
  return [
    `# ${results.title}`,
    "",
    results.shows,
    "",
    statusLine(results),
    "",
    ...studySections(results).flatMap(headed),
    `![${results.title}](results.svg)`,
    "",
  ].join("\n");
}

/** The same tables as lines for a terminal. */
export function studyLines(results: StudyResults): string[] {
  return [results.title, statusLine(results), "", ...studySections(results).flatMap(sectionLines)];
}

function sectionLines({ heading, table: { head, rows, notes: below } }: Section, i: number): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  const line = ([name, ...values]: readonly string[]) =>
    [name!.padEnd(widths[0]!), ...values.map((value, i) => value.padStart(widths[i + 1]!))].join("   ").trimEnd();
  const above = heading === "" ? [] : [...(i === 0 ? [] : [""]), heading, ""];
  return [...above, line(head), ...rows.map(line), "", ...below];
}
