// Which samples to leave out of a data set, for what was found about them.
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import type { Findings, LabelIssue } from "./findings.js";
import type { FoundKind } from "./kinds/find-kinds.js";
import { correctable, leastWrong } from "./labels/correctable.js";

/** Reasons to leave a sample out, in the order in which they are looked at. */
export const dropReasons = ["label", "duplicate", "leakage", "outlier"] as const;

export type DropReason = (typeof dropReasons)[number];

export interface DropOptions {
  readonly reasons: readonly DropReason[];
  /** The least P(wrong) of labels (default: 0.5). */
  readonly least?: number;
  /** The samples that may be left out (default: all that were evaluated). */
  readonly among?: readonly LabelIssue[];
}

/** Of a class no more outliers are left out: the farthest tenth. */
const mostOutliers = 0.1;

/**
 * The samples to leave out, by position in the data set, each with its first reason:
 *
 * - label: as `correctable`, at most the estimated errors of each class
 * - duplicate: of a group of copies all but the one whose label is most probable
 * - leakage: all with a copy in another part
 * - outlier: those flagged, the farthest first, at most a tenth of a class
 *
 * @throws InputError for a reason that was not searched for.
 */
export function samplesToDrop(
  findings: Findings,
  { reasons, least = leastWrong, among = findings.issues }: DropOptions,
): Map<number, DropReason> {
  const allowed = new Set(among.map(({ index }) => index));
  const dropped = new Map<number, DropReason>();
  for (const reason of dropReasons.filter((one) => reasons.includes(one))) {
    const found = candidates(reason, findings, { least, among, dropped });
    for (const index of found) if (allowed.has(index) && !dropped.has(index)) dropped.set(index, reason);
  }
  return dropped;
}

interface Progress {
  readonly least: number;
  readonly among: readonly LabelIssue[];
  readonly dropped: ReadonlyMap<number, DropReason>;
}

function candidates(reason: DropReason, findings: Findings, { least, among, dropped }: Progress): number[] {
  switch (reason) {
    case "label":
      return correctable(among, findings.classHealth, least).map(({ index }) => index);
    case "duplicate":
      return spareCopies(findings, dropped);
    case "leakage":
      return flagged(findings, "leakage");
    case "outlier":
      return farthest(findings);
  }
}

/** All but the best of the copies in each group that are left. */
function spareCopies(findings: Findings, dropped: ReadonlyMap<number, DropReason>): number[] {
  const wrong = new Map(findings.issues.map(({ index, pWrong }) => [index, pWrong]));
  const { groups } = kindNamed(findings, "duplicate");
  return groups.flatMap(({ samples }) => {
    const left = samples.map((row) => findings.samples[row]!).filter((index) => !dropped.has(index));
    const pWrong = (index: number) => wrong.get(index) ?? 1;
    return left.toSorted((a, b) => pWrong(a) - pWrong(b) || a - b).slice(1);
  });
}

/** The flagged samples, the highest scores first. */
function flagged(findings: Findings, name: "leakage" | "outlier"): number[] {
  const { scores, flags } = kindNamed(findings, name).columns[0]!;
  const rows = Array.from(flags.keys()).filter((row) => flags[row] === 1);
  return rows.sort((a, b) => scores[b]! - scores[a]!).map((row) => findings.samples[row]!);
}

function farthest(findings: Findings): number[] {
  const classOf = new Map(findings.issues.map(({ index, given }) => [index, given]));
  const left = new Map(findings.classHealth.map(({ name, samples }) => [name, Math.floor(mostOutliers * samples)]));
  return flagged(findings, "outlier").filter((index) => {
    const given = classOf.get(index) ?? "";
    const rest = left.get(given) ?? 0;
    left.set(given, rest - 1);
    return rest > 0;
  });
}

function kindNamed({ kinds }: Findings, name: DropReason): FoundKind {
  const found = kinds.find(({ kind }) => kind.name === name);
  if (found !== undefined) return found;
  const searched = kinds.map(({ kind }) => kind.name).join(", ") || "none";
  throw new InputError(
    `${option("drop", name)}: this kind was not searched for (searched: ${searched}); expected ${name} among ${option("types")}, and data that it can be found in`,
  );
}
