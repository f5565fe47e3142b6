// Groups of copies as findings: which samples, how similar, and whether their labels conflict.
import { type CopyPair, groupsOf } from "../../data/copies/index.js";
import type { DataPart } from "../part.js";
import type { SampleGroup } from "./define-kind.js";

/** A group of copies. */
export interface NamedCopies extends SampleGroup {
  readonly figures: {
    /** Whether all of them are equal. */
    readonly exact: boolean;
    /** Of the least similar pair by which they were joined. */
    readonly similarity: number;
    /** Whether two of them have different labels. */
    readonly conflicting: boolean;
  };
}

interface Copies {
  readonly part: DataPart;
  readonly classes: readonly string[];
  readonly samples: readonly number[];
  readonly pairs: readonly CopyPair[];
  /** Whether all of them are equal. */
  readonly exact: boolean;
  /** The copies in another part. */
  readonly other?: { readonly part: DataPart; readonly samples: readonly number[] };
}

/** Where copies are looked for: within the part, or between it and another one, whose samples count on from those of the part. */
interface Searched {
  readonly part: DataPart;
  readonly classes: readonly string[];
  readonly other?: DataPart;
}

/** The groups of samples that the pairs of copies connect. */
export function copyGroups(
  { part, classes, other }: Searched,
  digests: readonly (string | null)[],
  copies: readonly CopyPair[],
): NamedCopies[] {
  const own = part.labels.length;
  return pairsByGroup(groupsOf(digests.length, copies), copies).map(({ members, pairs }) => {
    const samples = members.filter((i) => i < own);
    const exact = allEqual(members.map((i) => digests[i]));
    if (other === undefined) return copyGroup({ part, classes, samples, pairs, exact });
    const others = members.filter((i) => i >= own).map((i) => i - own);
    return copyGroup({ part, classes, samples, pairs, exact, other: { part: other, samples: others } });
  });
}

/** Samples and classes that are named. */
const mostNamed = 6;

function copyGroup({ part, classes, samples, pairs, exact, other }: Copies): NamedCopies {
  const similarity = pairs.reduce((least, pair) => Math.min(least, pair.similarity), 1);
  const labels = new Set([...labelsOf(part, samples), ...(other ? labelsOf(other.part, other.samples) : [])]);
  const figures = { exact, similarity, conflicting: labels.size > 1 };
  const names = [
    ...samples.map((i) => nameOf(part, i)),
    ...(other?.samples.map((i) => `${other.part.name} ${nameOf(other.part, i)}`) ?? []),
  ];
  const how = exact ? "exact copies" : `near copies, similarity ${similarity.toFixed(3)}`;
  const conflict = figures.conflicting
    ? `; labels differ: ${listed(
        [...labels].map((label) => classes[label]!),
        ", ",
      )}`
    : "";
  return {
    samples,
    ...(other && { others: { part: other.part.name, samples: other.samples } }),
    text: `${listed(names, " = ")}: ${how}${conflict}`,
    figures,
  };
}

/** Those of labeled samples. */
const labelsOf = ({ labels }: DataPart, samples: readonly number[]) =>
  samples.map((i) => labels[i]!).filter((label) => label >= 0);

const nameOf = ({ files, indices }: DataPart, i: number) => files?.[i] ?? `#${indices[i]}`;

function listed(names: readonly string[], separator: string): string {
  const more = names.length - mostNamed;
  return [...names.slice(0, mostNamed), ...(more > 0 ? [`${more} more`] : [])].join(separator);
}

/** Conflicting labels first, then the most similar. */
export const inOrder = (groups: readonly NamedCopies[]): NamedCopies[] =>
  groups.toSorted(
    (a, b) =>
      Number(b.figures.conflicting) - Number(a.figures.conflicting) ||
      b.figures.similarity - a.figures.similarity ||
      a.samples[0]! - b.samples[0]!,
  );

/** (samples): the largest similarity of the pairs of each sample; 0 without any. */
export function largestSimilarity(samples: number, pairs: readonly CopyPair[], within = true): Float32Array {
  const largest = new Float32Array(samples);
  for (const { first, second, similarity } of pairs) {
    largest[first] = Math.max(largest[first]!, similarity);
    if (within) largest[second] = Math.max(largest[second]!, similarity);
  }
  return largest;
}

/** Whether the digests are known and all the same. */
const allEqual = (digests: readonly (string | null | undefined)[]): boolean =>
  typeof digests[0] === "string" && digests.every((digest) => digest === digests[0]);

/** The pairs by the group of their first sample. */
function pairsByGroup(groups: readonly (readonly number[])[], pairs: readonly CopyPair[]) {
  const found = groups.map((members) => ({ members, pairs: [] as CopyPair[] }));
  const groupOf = new Map(found.flatMap((group) => group.members.map((i) => [i, group] as const)));
  for (const pair of pairs) groupOf.get(pair.first)!.pairs.push(pair);
  return found;
}

/** (samples): 1 for the members of the groups. */
export function flagsOf(samples: number, groups: readonly SampleGroup[]): Uint8Array {
  const flags = new Uint8Array(samples);
  for (const group of groups) for (const i of group.samples) flags[i] = 1;
  return flags;
}
