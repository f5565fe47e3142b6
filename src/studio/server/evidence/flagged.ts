// The samples that the kinds of issues flag, as queues with a reason each.
import type { Findings, FoundKind, SampleGroup } from "../../../issues/index.js";
import type { DataPart } from "../../../issues/part.js";
import type { Flagged } from "./evidence-files.js";

/** Which kind of issue each queue shows. */
const queues: readonly { readonly name: Flagged["name"]; readonly kind: string; readonly title: string }[] = [
  { name: "conflicts", kind: "duplicate", title: "Copies with conflicting labels" },
  { name: "leaks", kind: "leakage", title: "Copies in another part" },
  { name: "outliers", kind: "outlier", title: "Outliers" },
  { name: "quality", kind: "image", title: "Image quality" },
];

/** The queues of the kinds that were searched for; `parts` are all parts of the data. */
export function flaggedQueues({ kinds, samples }: Findings, parts: readonly DataPart[]): Flagged[] {
  return queues.flatMap(({ name, kind, title }) => {
    const found = kinds.find((one) => one.kind.name === kind);
    if (found === undefined) return [];
    const rows = rowsOf[name](found, samples, parts);
    return [
      {
        name,
        title,
        advice: found.kind.advice,
        samples: rows.map(({ row }) => samples[row]!),
        reasons: rows.map(({ reason }) => reason),
      },
    ];
  });
}

interface FlaggedRow {
  readonly row: number;
  readonly reason: string;
}

type RowsOf = (found: FoundKind, samples: Int32Array, parts: readonly DataPart[]) => FlaggedRow[];

/** Others of a group that a reason names. */
const mostNamed = 4;

const rowsOf: Readonly<Record<Flagged["name"], RowsOf>> = {
  conflicts: ({ groups }, samples) =>
    inGroups(
      groups.filter(({ figures }) => figures.conflicting === true),
      (group, row) =>
        `conflicts with ${listed(group.samples.filter((other) => other !== row).map((i) => samples[i]!))}`,
    ),
  leaks: ({ groups }, _, parts) =>
    inGroups(groups, ({ others }) => {
      const indices = parts.find(({ name }) => name === others?.part)?.indices;
      return `copy of ${others?.part} ${listed((others?.samples ?? []).map((row) => indices![row]!))}`;
    }),
  outliers: (found) => byScore(found, () => "far from all others"),
  quality: (found) => byScore(found, (row) => flagsOf(found, row).join(", ")),
};

/** The members of each group one after another. */
function inGroups(groups: readonly SampleGroup[], reason: (group: SampleGroup, row: number) => string): FlaggedRow[] {
  const rows = groups.flatMap((group) => group.samples.map((row) => ({ row, reason: reason(group, row) })));
  return [...new Map(rows.toReversed().map((one) => [one.row, one])).values()].reverse();
}

/** The flagged rows, the highest score first. */
function byScore({ columns }: FoundKind, reason: (row: number) => string): FlaggedRow[] {
  const rows = columns[0] === undefined ? [] : [...columns[0].flags.keys()];
  const scoreOf = (row: number) => Math.max(...columns.map(({ scores, flags }) => (flags[row] ? scores[row]! : 0)));
  return rows
    .filter((row) => columns.some(({ flags }) => flags[row]))
    .sort((a, b) => scoreOf(b) - scoreOf(a) || a - b)
    .map((row) => ({ row, reason: reason(row) }));
}

const flagsOf = ({ columns }: FoundKind, row: number) =>
  columns.filter(({ flags }) => flags[row]).map(({ name }) => name.replaceAll("_", " "));

function listed(samples: readonly number[]): string {
  const more = samples.length - mostNamed;
  return [...samples.slice(0, mostNamed).map(String), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
