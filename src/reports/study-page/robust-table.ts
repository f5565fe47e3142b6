// The table of a study of adversarial training: natural and robust accuracy, reference and measured values.
import { percent } from "../../format.js";
import { spreadNote, spreadText } from "./spread-text.js";
import { attackedIn, highestRobust, lastEpoch, lastRobust, robustFall } from "./statistics.js";
import type { Reference, StudyAttack, StudyResults, StudyRowResults, StudyTable } from "./types.js";

/** Rows without runs have only their reference values. */
export function robustTable({ rows }: Pick<StudyResults, "rows">): StudyTable {
  const sources = [...new Set(rows.flatMap(({ paper }) => paper?.source ?? []))];
  const attacks = [...new Set(rows.flatMap(({ runs }) => runs.flatMap((run) => run.attacks ?? [])).map(nameOf))];
  const columns = [...columnsOf(sources), ...attacks.flatMap(attackColumns), seedsColumn];
  return {
    head: ["", ...columns.map(({ head }) => head)],
    rows: rows.map((row) => [row.name, ...columns.map(({ cell }) => cell(row))]),
    notes: [
      ...sources.map((source, i) => `[${i + 1}] ${source}.`),
      "Natural: accuracy on the full test set. PGD-20: the fraction of the attacked test images classified correctly both before and after the attack.",
      ...(rows.some(({ runs }) => runs.length > 0) ? [spreadNote] : []),
      "The best epoch is chosen on the attacked images themselves; the drop from it to the last epoch is robust overfitting.",
      ...attacks.map((attack) => attackNote(attack, rows)),
    ],
  };
}

interface Column {
  readonly head: string;
  readonly cell: (row: StudyRowResults) => string;
}

const nameOf = ({ attack }: StudyAttack) => attack;

/** Without columns of references where there are none. */
function columnsOf(sources: readonly string[]): Column[] {
  const reference = (head: string, read: (paper: Reference) => number | undefined): Column[] => {
    const cell = ({ paper }: StudyRowResults) => {
      const value = paper && read(paper);
      return value === undefined ? "" : `${percent(value)} [${sources.indexOf(paper!.source) + 1}]`;
    };
    return sources.length === 0 ? [] : [{ head, cell }];
  };
  return [
    ...reference("reference, natural", ({ testAccuracy }) => testAccuracy),
    { head: "natural, last epoch", cell: (row) => spreadText(lastEpoch(row)) },
    ...reference("reference, PGD-20", ({ robustAccuracy }) => robustAccuracy),
    { head: "PGD-20, last epoch", cell: (row) => spreadText(lastRobust(row)) },
    { head: "PGD-20, best epoch", cell: (row) => spreadText(highestRobust(row)) },
    { head: "fall, points", cell: (row) => spreadText(robustFall(row), (value) => (100 * value).toFixed(1)) },
  ];
}

const attackColumns = (attack: string): Column[] => [
  { head: `${attack}, last epoch`, cell: (row) => spreadText(attackedIn(row, attack, "last")) },
  { head: `${attack}, best epoch`, cell: (row) => spreadText(attackedIn(row, attack, "best")) },
];

const seedsColumn: Column = { head: "seeds", cell: ({ runs }) => String(runs.length) };

function attackNote(attack: string, rows: readonly StudyRowResults[]): string {
  const made = rows
    .flatMap(({ runs }) => runs.flatMap(({ attacks = [] }) => attacks))
    .filter((one) => nameOf(one) === attack);
  const samples = [...new Set(made.map((one) => one.samples))].join(" or ");
  return `${attack}: on ${samples} images, after the last epoch and after the one that was best under PGD-20.`;
}
