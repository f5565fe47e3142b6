import { describe, expect, it } from "vitest";
import { randomFrom } from "../../data/index.js";
import { areaUnderRoc } from "../../metrics/index.js";
import { type DataPart, issueEvidence } from "../part.js";
import { classDistances } from "./class-distances.js";
import { outlier } from "./outlier.js";

const random = randomFrom(5, "outlier test");
const size = 8;

/** Two tight clusters, and `far` samples in directions of their own. */
function clustersWith(far: number): DataPart {
  const rows = Array.from({ length: 200 + far }, (_, i) =>
    Array.from(
      { length: size },
      (_, j) => (i < 200 ? Number(j === i % 2) * 5 : 3 * random.normal()) + 0.1 * random.normal(),
    ),
  );
  return {
    name: "train",
    indices: Int32Array.from(rows.keys()),
    labels: Int32Array.from(rows, (_, i) => i % 2),
    samples: null,
    features: { values: Float32Array.from(rows.flat()), size },
    probabilities: null,
    unreadable: new Int32Array(),
  };
}

describe("outliers", () => {
  it("are the samples far from all others, by the formula", async () => {
    const evidence = issueEvidence(["a", "b"], clustersWith(4));
    const { k, similarities } = await evidence.neighbors();
    const distances = Array.from({ length: 204 }, (_, i) => {
      const row = Array.from(similarities.subarray(i * k, (i + 1) * k));
      return row.reduce((sum, cosine) => sum + 1 - cosine, 0) / k;
    });
    const toClass = await classDistances(evidence.part.features!, evidence.part.labels);
    distances.forEach((d, i) => {
      distances[i] = Math.sqrt(d * toClass[i]!);
    });
    const sorted = distances.toSorted((a, b) => a - b);
    const [q1, q3] = [sorted[51]!, sorted[153]!];
    const { columns, summary } = await outlier.find(evidence);
    const { scores, flags } = columns[0]!;
    distances.forEach((d, i) => {
      expect(scores[i]).toBeCloseTo(1 - 2 ** (-d / (q3 + 1.7 * (q3 - q1))), 4);
    });
    expect([...flags.subarray(200)]).toEqual([1, 1, 1, 1]);
    expect(summary).toBe(`${flags.reduce((sum, flag) => sum + flag, 0)} samples far from all others`);
  });

  it("rank high in groups of more than ten that are alike, which are neighbors of each other", async () => {
    const part = clustersWith(0);
    const { values } = part.features!;
    const group = Float32Array.from(
      { length: 15 * size },
      (_, at) => (at % size === 7 ? -4 : 0.5) + 0.1 * random.normal(),
    );
    const all = Float32Array.from([...values, ...group]);
    const labels = Int32Array.from({ length: 215 }, (_, i) => i % 2);
    const probabilities = Float32Array.from({ length: 430 }, (_, at) => Number(labels[at >> 1] === at % 2));
    const indices = Int32Array.from(labels.keys());
    const evidence = issueEvidence(["a", "b"], {
      ...part,
      ...{ indices, labels, probabilities, features: { values: all, size } },
    });
    const { k, similarities } = await evidence.neighbors();
    const isPlanted = Array.from(labels, (_, i) => i >= 200);
    const near = labels.map(
      (_, i) => -1e6 * similarities.subarray(i * k, (i + 1) * k).reduce((sum, cosine) => sum + cosine, 0),
    );
    const { scores } = (await outlier.find(evidence)).columns[0]!;
    expect(areaUnderRoc(scores, isPlanted)).toBeGreaterThan(0.9);
    expect(areaUnderRoc(scores, isPlanted)).toBeGreaterThan(areaUnderRoc(near, isPlanted));
  });

  it("are none among samples that are all the same, and an unreadable sample is not one", async () => {
    const part = clustersWith(0);
    const same = { ...part, features: { values: new Float32Array(200 * size).fill(1), size } };
    expect((await outlier.find(issueEvidence(["a", "b"], same))).columns[0]!.flags.includes(1)).toBe(false);
    const unread = await outlier.find(issueEvidence(["a", "b"], { ...part, unreadable: Int32Array.of(3) }));
    expect([unread.columns[0]!.scores[3], unread.columns[0]!.flags[3]]).toEqual([Number.NaN, 0]);
  });
});
