import { describe, expect, it } from "vitest";
import { featurePart } from "../../../test/support/data-part.js";
import { randomFrom } from "../../data/index.js";
import { type DataPart, issueEvidence } from "../part.js";
import { group } from "./group.js";

const [samples, clusters, size] = [600, 6, 8];

/** Six clusters, two labels; a tenth of the predictions wrong, of the last cluster as many as given. */
function data(seed: number, weakError: number): DataPart {
  const random = randomFrom(seed, "weak groups test");
  const centers = Array.from({ length: clusters }, () => Array.from({ length: size }, () => 3 * random.normal()));
  const cluster = (i: number) => i % clusters;
  const rows = Array.from({ length: samples }, (_, i) =>
    centers[cluster(i)]!.map((value) => value + 0.5 * random.normal()),
  );
  const labels = Array.from({ length: samples }, () => random.integer(2));
  const probabilities = Float32Array.from(
    labels.flatMap((label, i) => {
      const isWrong = random.uniform() < (cluster(i) === clusters - 1 ? weakError : 0.1);
      return (label === 0) === isWrong ? [0.2, 0.8] : [0.8, 0.2];
    }),
  );
  return { ...featurePart(rows, labels), probabilities };
}

const find = (part: DataPart) => group.find(issueEvidence(["a", "b"], part));

describe("weak groups", () => {
  it("are found where they were planted, in at least 18 of 20 seeds", async () => {
    const found = await Promise.all(Array.from({ length: 20 }, (_, seed) => find(data(seed, 0.4))));
    const hits = found.filter(({ groups, columns }) => {
      const planted = groups.filter(
        ({ samples: own }) => own.filter((i) => i % clusters === clusters - 1).length > 0.8 * own.length,
      );
      return planted.length > 0 && groups.length === planted.length && columns[0]!.flags[clusters - 1] === 1;
    });
    expect(hits.length).toBeGreaterThanOrEqual(18);
    expect(found[0]!.groups[0]!.figures.error).toBeGreaterThan(0.25);
    expect(found[0]!.summary).toMatch(/^1 of 6 clusters: \d+ samples with \d\d% errors, \d+% elsewhere$/);
  });

  it("are not claimed in at least 19 of 20 drawings where all groups are alike", async () => {
    const found = await Promise.all(Array.from({ length: 20 }, (_, seed) => find(data(seed, 0.1))));
    expect(found.filter(({ groups }) => groups.length === 0).length).toBeGreaterThanOrEqual(19);
  });

  it("are none among few samples, or where every prediction is right", async () => {
    const few = {
      ...featurePart(
        [
          [1, 2],
          [2, 1],
          [0, 0],
        ],
        [0, 1, 0],
      ),
      probabilities: Float32Array.of(1, 0, 1, 0, 1, 0),
    };
    expect((await find(few)).summary).toBe("none among 0 clusters");
    const labels = Array.from({ length: 100 }, (_, i) => i % 2);
    const rows = labels.map((label, i) => [label, i % 7, i % 3]);
    const probabilities = Float32Array.from(labels.flatMap((label) => [1 - label, label]));
    expect((await find({ ...featurePart(rows, labels), probabilities })).groups).toEqual([]);
  });
});
