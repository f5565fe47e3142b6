// Duplicates: groups of exact and near copies within a part, and those whose labels conflict.
import { equalPairs, leastSimilarity } from "../../data/copies/index.js";
import { copyGroups, flagsOf, inOrder, largestSimilarity, type NamedCopies } from "./copy-groups.js";
import type { IssueKind, KindFindings } from "./define-kind.js";
import { partDigests, similarWithin } from "./part-copies.js";

/**
 * Score: the similarity to the most similar other sample; 1 for equal values (or, of streamed images, equal files), and otherwise that of
 * `similarityOf` for images, or the cosine of features. Copies, from 0.8 on for images, are joined to groups.
 *
 * `conflicting_duplicate` flags the samples of groups whose labels differ: at least one of them is wrong.
 */
export const duplicate: IssueKind = {
  name: "duplicate",
  title: "duplicates",
  needs: [],
  advice:
    "keep one sample of each group; where labels differ, at least one is wrong; simple drawings can be alike without being copies",
  async find(evidence) {
    const { part, classes } = evidence;
    const digests = await partDigests(part);
    const exact = equalPairs(digests);
    const { pairs, isCopy } = await similarWithin(evidence, leastSimilarity);
    const groups = copyGroups({ part, classes }, digests, [...exact, ...pairs.filter(isCopy)]);
    return findings(groups, largestSimilarity(digests.length, [...pairs, ...exact]));
  },
};

function findings(groups: readonly NamedCopies[], scores: Float32Array): KindFindings {
  const conflicting = groups.filter(({ figures }) => figures.conflicting);
  const conflicts = flagsOf(scores.length, conflicting);
  const exact = groups.filter(({ figures }) => figures.exact).length;
  return {
    columns: [
      { name: "duplicate", scores, flags: flagsOf(scores.length, groups) },
      { name: "conflicting_duplicate", scores: scores.map((score, i) => score * conflicts[i]!), flags: conflicts },
    ],
    groups: inOrder(groups),
    summary: summaryOf(exact, groups.length - exact, conflicting.length),
  };
}

function summaryOf(exact: number, near: number, conflicting: number): string {
  const counts = [groupsText(exact, "exact"), groupsText(near, "near")].filter((text) => text !== "");
  if (counts.length === 0) return "none";
  return `${counts.join(", ")}${conflicting === 0 ? "" : `; labels differ in ${conflicting}`}`;
}

const groupsText = (count: number, how: string) =>
  count === 0 ? "" : `${count} group${count === 1 ? "" : "s"} of ${how} copies`;
