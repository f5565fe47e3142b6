// The results of `issues` as text: about 30 lines, whatever was found.
import { percent } from "../../../format.js";
import {
  countFlags,
  type Findings,
  type FoundKind,
  type IssueColumn,
  type LabelIssue,
  rateText,
  type SampleGroup,
  unknownReason,
} from "../../../issues/index.js";
import { alignedRows, table } from "../../shared/output.js";

/** What is named of each kind. */
const named = { classes: 5, pairs: 5, samples: 5, perCheck: 3 };

/** The noise rate, the most suspect of the selected issues, where labels are wrong, and every other kind that found something. */
export function issuesLines(findings: Findings, selected: readonly LabelIssue[], most: number): string[] {
  const printed = selected.slice(0, most);
  const count = findings.evaluated.toLocaleString("en-US");
  const rate = findings.noiseRate;
  const reason = unknownReason(rate);
  const ranking = printed.length === 1 ? "; the most suspect:" : `; the ${printed.length} most suspect:`;
  return [
    `${rateText(rate)} of the ${count} labels are wrong${reason === null ? `, by ${rate.method}` : `: ${reason}`}${printed.length === 0 ? "" : ranking}`,
    ...(printed.length === 0 ? [] : ["", ...issueTable(printed)]),
    ...labelLines(findings),
    ...kindLines(findings),
    "",
    "full results: --csv FILE (samples), --health FILE (classes and groups), --html FILE (pictures)",
  ];
}

function issueTable(issues: readonly LabelIssue[]): string[] {
  const [files, epochs] = [
    issues.some(({ file }) => file !== null),
    issues.some(({ disagreesFrom }) => disagreesFrom !== null),
  ];
  const header = [
    "index",
    ...(files ? ["file"] : []),
    "given",
    "suggested",
    "score",
    "P(wrong)",
    "probability",
    "verdict",
  ];
  const rows = issues.map(({ index, file, given, suggested, score, pWrong, probability, verdict, disagreesFrom }) => [
    String(index),
    ...(files ? [file ?? ""] : []),
    given,
    suggested,
    score.toFixed(3),
    pWrong.toFixed(3),
    probability.toFixed(3),
    verdict,
    ...(epochs ? [String(disagreesFrom ?? "-")] : []),
  ]);
  return table(epochs ? [...header, "disagrees since epoch"] : header, rows);
}

/** The classes with the largest fractions of wrong labels, and the pairs of classes that are confused most, at least 1%, where they are known. */
function labelLines({ noiseRate, classHealth, classes, noiseMatrix }: Findings): string[] {
  if (unknownReason(noiseRate) !== null) return [];
  const worst = classHealth.toSorted((a, b) => b.labelErrorRate - a.labelErrorRate).slice(0, named.classes);
  const pairs = noiseMatrix
    .flatMap((row, i) =>
      row.map((fraction, j) => ({ fraction, name: `${classes[i]} as ${classes[j]}`, right: i === j })),
    )
    .filter(({ fraction, right }) => !right && fraction >= 0.01)
    .sort((a, b) => b.fraction - a.fraction)
    .slice(0, named.pairs);
  const rows: [string, string][] = [
    ["wrong by class", worst.map(({ name, labelErrorRate }) => `${name} ${percent(labelErrorRate)}`).join(", ")],
    ["mislabeled as", pairs.map(({ name, fraction }) => `${name} ${percent(fraction)}`).join(", ")],
  ];
  const known = rows.filter(([, text]) => text !== "");
  return known.length === 0 ? [] : ["", ...alignedRows(known)];
}

/** Of each kind that flags samples: what was found, what to do, the worst; the others in one line. */
function kindLines({ kinds, samples }: Findings): string[] {
  if (kinds.length === 0) return [];
  const [found, others] = [kinds.filter(isFound), kinds.filter((kind) => !isFound(kind))];
  const rows = found.flatMap((kind): [string, string][] => [
    [kind.kind.title, `${kind.summary}. ${capitalized(kind.kind.advice)}.`],
    ["", `worst: ${worstOf(kind, samples)}`],
  ]);
  const nothing: [string, string][] =
    others.length === 0 ? [] : [["nothing found", others.map(({ kind }) => kind.title).join(", ")]];
  return ["", ...alignedRows([...rows, ...nothing])];
}

const isFound = ({ columns }: FoundKind) => columns.some((column) => countFlags(column) > 0);

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The first group, or the samples with the highest scores, of each check where there are several. */
function worstOf({ columns, groups, summary }: FoundKind, samples: Int32Array): string {
  const [group] = groups;
  if (group !== undefined) return summary.includes(group.text) ? membersOf(group, samples) : group.text;
  if (columns.length === 1) return worstRows(columns[0]!, named.samples, samples);
  return columns
    .filter((column) => countFlags(column) > 0)
    .map((column) => `${column.name.replaceAll("_", " ")} ${worstRows(column, named.perCheck, samples)}`)
    .join(", ");
}

/** Positions in the data set, the highest scores first. */
function worstRows({ scores, flags }: IssueColumn, most: number, samples: Int32Array): string {
  const rows = Array.from(flags.keys()).filter((row) => flags[row] === 1);
  const worst = rows.sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, most);
  return worst.map((row) => `#${samples[row]}`).join(" ");
}

function membersOf({ samples: rows }: SampleGroup, samples: Int32Array): string {
  const more = rows.length - named.samples;
  const first = rows.slice(0, named.samples).map((row) => `#${samples[row]}`);
  return `${first.join(" ")}${more > 0 ? ` and ${more} more` : ""}`;
}
