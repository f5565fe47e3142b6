// The tables of a study of adversarial training: natural and robust accuracy, and their differences from the baseline.
import { percent } from "../../format.js";
import { differenceNote, differenceText, spreadNote, spreadText } from "./spread-text.js";
import { attackedIn, bySeed, highestRobust, pairedDifference, robustFall, spreadOver } from "./statistics.js";
import type { Reference, Section, StudyAttack, StudyResults, StudyRowResults, StudyRun } from "./types.js";

/** A measured figure of every run. */
interface Figure {
  readonly head: string;
  readonly read: (run: StudyRun) => number | null | undefined;
  readonly write?: (mean: number) => string;
  /** The published value, if any. */
  readonly reference?: (paper: Reference) => number | undefined;
}

const points = (value: number) => (100 * value).toFixed(1);

const figures: readonly Figure[] = [
  {
    head: "natural, last epoch",
    read: ({ summary }) => summary.testAccuracy,
    reference: ({ testAccuracy }) => testAccuracy,
  },
  {
    head: "PGD-20, last epoch",
    read: ({ summary }) => summary.robustAccuracy,
    reference: ({ robustAccuracy }) => robustAccuracy,
  },
  { head: "PGD-20, best epoch", read: highestRobust },
  { head: "fall, points", read: robustFall, write: points },
];

const attackFigures = (attack: string): Figure[] => [
  { head: `${attack}, last epoch`, read: (run) => attackedIn(run, attack, "last") },
  { head: `${attack}, best epoch`, read: (run) => attackedIn(run, attack, "best") },
];

/** Rows without runs have only their reference values; the differences are of rows with runs. */
export function robustSections({ rows, baseline }: Pick<StudyResults, "rows" | "baseline">): Section[] {
  const attacks = [...new Set(rows.flatMap(({ runs }) => runs.flatMap((run) => run.attacks ?? [])).map(nameOf))];
  const shown = [...figures, ...attacks.flatMap(attackFigures)];
  const base = rows.find(({ name, runs }) => name === baseline && runs.length > 0);
  const others = base === undefined ? [] : rows.filter((row) => row !== base && row.runs.length > 0);
  return [accuracies(rows, shown, attacks), ...(base && others.length > 0 ? [differences(base, others, shown)] : [])];
}

const nameOf = ({ attack }: StudyAttack) => attack;

interface Column {
  readonly head: string;
  readonly cell: (row: StudyRowResults) => string;
}

function accuracies(rows: readonly StudyRowResults[], shown: readonly Figure[], attacks: readonly string[]): Section {
  const sources = [...new Set(rows.flatMap(({ paper }) => paper?.source ?? []))];
  const columns = shown.flatMap((figure) => columnsOf(figure, sources));
  return {
    heading: "",
    table: {
      head: ["", ...columns.map(({ head }) => head), "seeds"],
      rows: rows.map((row) => [row.name, ...columns.map(({ cell }) => cell(row)), String(row.runs.length)]),
      notes: [
        ...sources.map((source, i) => `[${i + 1}] ${source}.`),
        "Natural: accuracy on the full test set. PGD-20: the fraction of the attacked test images classified correctly both before and after the attack.",
        ...(rows.some(({ runs }) => runs.length > 0) ? [spreadNote] : []),
        "The best epoch is chosen on the attacked images themselves; the drop from it to the last epoch is robust overfitting.",
        ...attacks.map((attack) => attackNote(attack, rows)),
      ],
    },
  };
}

/** The measured figure, after its published one where the study has published figures. */
function columnsOf({ head, read, write, reference }: Figure, sources: readonly string[]): Column[] {
  const measured = { head, cell: ({ runs }: StudyRowResults) => spreadText(spreadOver(runs, read), write) };
  if (reference === undefined || sources.length === 0) return [measured];
  const cell = ({ paper }: StudyRowResults) => {
    const value = paper && reference(paper);
    return value === undefined ? "" : `${percent(value)} [${sources.indexOf(paper!.source) + 1}]`;
  };
  return [{ head: `reference, ${head.split(",")[0]}`, cell }, measured];
}

function differences(base: StudyRowResults, others: readonly StudyRowResults[], shown: readonly Figure[]): Section {
  const cell = (row: StudyRowResults, { read }: Figure) =>
    differenceText(pairedDifference(bySeed(row.runs, read), bySeed(base.runs, read)), 1);
  return {
    heading: `Difference from ${base.name}`,
    table: {
      head: ["points", ...shown.map(({ head }) => head)],
      rows: others.map((row) => [row.name, ...shown.map((figure) => cell(row, figure))]),
      notes: [differenceNote],
    },
  };
}

function attackNote(attack: string, rows: readonly StudyRowResults[]): string {
  const made = rows
    .flatMap(({ runs }) => runs.flatMap(({ attacks = [] }) => attacks))
    .filter((one) => nameOf(one) === attack);
  const samples = [...new Set(made.map((one) => one.samples))].join(" or ");
  return `${attack}: on ${samples} images, after the last epoch and after the one that was best under PGD-20.`;
}
