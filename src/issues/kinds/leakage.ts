// Leakage: samples of which another part of the data has a copy.
import { type CopyPair, equalPairsBetween, leastSimilarity } from "../../data/copies/index.js";
import type { DataPart, IssueEvidence } from "../part.js";
import { copyGroups, flagsOf, inOrder, largestSimilarity, type NamedCopies } from "./copy-groups.js";
import { comparable, type IssueKind } from "./define-kind.js";
import { partDigests, similarBetween } from "./part-copies.js";

/** Score: the similarity to the most similar sample of any other part, as of duplicates. */
export const leakage: IssueKind = {
  name: "leakage",
  title: "leakage",
  needs: ["other parts"],
  advice: "leave the copies out of the part that is trained on, or the accuracy on the other is too high",
  async find(evidence) {
    const { part, others } = evidence;
    const scores = new Float32Array(part.labels.length);
    const groups: NamedCopies[] = [];
    const counts: string[] = [];
    for (const other of others.filter((known) => comparable(part, known))) {
      const found = await leaksBetween(evidence, other);
      found.scores.forEach((score, i) => {
        scores[i] = Math.max(scores[i]!, score);
      });
      groups.push(...found.groups);
      const leaked = found.groups.reduce((sum, { samples }) => sum + samples.length, 0);
      counts.push(`copies in ${other.name}: ${leaked} of ${scores.length} samples`);
    }
    const flags = flagsOf(scores.length, groups);
    return { columns: [{ name: "leakage", scores, flags }], groups: inOrder(groups), summary: counts.join(", ") };
  },
};

async function leaksBetween({ part, classes }: IssueEvidence, other: DataPart) {
  const digests = [await partDigests(part), await partDigests(other)].flat();
  const own = part.labels.length;
  const exact = equalPairsBetween(digests.slice(0, own), digests.slice(own));
  const { pairs, isCopy } = await similarBetween(part, other, leastSimilarity);
  const copies = [...exact, ...pairs.filter(isCopy)];
  const joined = copies.map((pair): CopyPair => ({ ...pair, second: own + pair.second }));
  const groups = copyGroups({ part, classes, other }, digests, joined);
  return { groups, scores: largestSimilarity(own, [...pairs, ...exact], false) };
}
