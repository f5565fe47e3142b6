import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { featurePart } from "../../test/support/data-part.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { tinyRecipe } from "../../test/support/tiny-run.js";
import { type DataSet, type HeldSamples, randomFrom, shapesDataSet } from "../data/index.js";
import { inspectRun } from "../evaluation/index.js";
import { areaUnderRoc } from "../metrics/index.js";
import { train } from "../training/index.js";
import { findIssues, findIssuesByFeatures, findIssuesByProbabilities } from "./find-issues.js";
import type { Findings } from "./findings.js";
import type { RunInspection } from "./index.js";
import { column, type IssueKind } from "./kinds/define-kind.js";
import { findKinds } from "./kinds/find-kinds.js";
import { kindsOf } from "./kinds/registry.js";
import { correctable } from "./labels/correctable.js";
import { labelProbabilities } from "./labels/label-findings.js";
import { issueEvidence } from "./part.js";

const out = join(temporaryFolder()("runs"), "shapes");
const drawn = shapesDataSet({ train: 800, test: 40, size: 16, seed: 2 });

/** The picture of sample 390 is that of 3, whose class is another. */
function withTwins({ train: { values, ...rest }, ...others }: DataSet<HeldSamples>): DataSet {
  const size = values.length / rest.labels.length;
  const copied = values.slice();
  copied.copyWithin(390 * size, 3 * size, 4 * size);
  return { ...others, train: { ...rest, values: copied } };
}

const dataSet = withTwins(drawn);
let inspection: RunInspection;
let findings: Findings;
let wrong: boolean[];

beforeAll(async () => {
  const recipe = {
    ...tinyRecipe,
    width: 8,
    epochs: 20,
    startEpoch: 10,
    batchSize: 40,
    lr: 0.05,
    noise: "symmetric:0.2",
  };
  const { prepared } = await train({ ...recipe, valFraction: 0.1 }, { out, dataSet });
  inspection = await inspectRun(out, { prepared });
  findings = await findIssues(inspection);
  wrong = Array.from(prepared.train.labels, (label, i) => label !== drawn.train.labels[i]);
}, 120_000);

const ranked = ({ issues }: Findings) =>
  areaUnderRoc(
    issues.map(({ score }) => score),
    issues.map(({ index }) => wrong[index]!),
  );

/** The best AUROC of 1,000 random rankings of the same samples. */
function bestByChance({ issues }: Findings): number {
  const mistaken = issues.map(({ index }) => wrong[index]!);
  const rankings = Array.from({ length: 1000 }, (_, i) => randomFrom(i, "ranking").permutation(issues.length));
  return Math.max(...rankings.map((ranking) => areaUnderRoc(Array.from(ranking), mistaken)));
}

/** All alike to the network. */
function manySamples(n: number): RunInspection {
  const values = Float32Array.from({ length: n }, (_, i) => i);
  return {
    classes: ["even", "odd"],
    train: { values, shape: [1], labels: Int32Array.from(values.keys(), (i) => i % 2) },
    cleanLabels: null,
    trainIndices: Int32Array.from(values.keys()),
    unreadable: new Int32Array(),
    logits: new Float32Array(2 * n),
    features: Float32Array.from({ length: 2 * n }, (_, k) => k % 4),
    featureSize: 2,
    targets: null,
    epochs: 1,
    records: () => [new Float32Array(3 * n)],
    heldOut: () => [],
    test: null,
    notes: [],
  };
}

describe("the issues of a run", () => {
  it("rank labels that are known to be wrong above the correct ones", () => {
    expect(ranked(findings)).toBeGreaterThan(bestByChance(findings));
  });

  it("have a higher P(wrong) where labels are known to be wrong, with the estimated rate as its mean", () => {
    const meanOf = (some: typeof findings.issues) => some.reduce((sum, { pWrong }) => sum + pWrong, 0) / some.length;
    const [mistaken, right] = [true, false].map((is) => findings.issues.filter(({ index }) => wrong[index] === is));
    expect(meanOf(findings.issues)).toBeCloseTo(findings.noiseRate.estimate, 6);
    expect(meanOf(mistaken!)).toBeGreaterThan(2 * meanOf(right!));
  });

  it("rank them as well where there are no targets, by the record alone", async () => {
    const found = await findIssues({ ...inspection, targets: null });
    expect(ranked(found)).toBeGreaterThan(bestByChance(found));
  });

  it("go by the record while no target has moved", async () => {
    const { train, classes, targets } = inspection;
    const still = targets!.map((_, k) => Number(train.labels[Math.floor(k / classes.length)] === k % classes.length));
    const byRecord = await findIssues({ ...inspection, targets: null });
    expect(await findIssues({ ...inspection, targets: still })).toEqual(byRecord);
  });

  it("are counted by the validation part, where the labels were memorized and nothing else was held out", async () => {
    const { logits, train, classes } = inspection;
    const trained = 600;
    /** Another class in the first epoch, then the given label. */
    const row = (known: boolean, label: number) => (known ? [0.99, 4, label] : [0.2, -1, (label + 1) % 10]);
    const unseen = [Number.NaN, Number.NaN, Number.NaN];
    const rows = (known: boolean) =>
      Float32Array.from([...train.labels].flatMap((label, i) => (i < trained ? row(known, label) : unseen)));
    const sure = logits.map((_, k) => (train.labels[Math.floor(k / classes.length)] === k % classes.length ? 9 : 0));
    const memorized = {
      ...inspection,
      logits: sure,
      trainIndices: Int32Array.from({ length: trained }, (_, i) => i),
      epochs: 20,
      records: () => Array.from({ length: 20 }, (_, epoch) => rows(epoch > 0)),
    };
    const { noiseRate } = await findIssues(memorized, { types: [] });
    expect(noiseRate).toMatchObject({ estimate: 0, method: "held-out and informative views" });
    expect(noiseRate.high).toBeGreaterThan(0);
  });

  it("are of every sample that was trained on, and of no other, in descending order", () => {
    const indices = findings.issues.map(({ index }) => index).sort((a, b) => a - b);
    expect(indices).toEqual([...inspection.trainIndices]);
    expect(findings.evaluated).toBe(inspection.trainIndices.length);
    const scores = findings.issues.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    for (const { given, suggested, score } of findings.issues) {
      expect(given).not.toBe(suggested);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });

  it("come with figures of the classes that add up to those of the data set", () => {
    const { classHealth, noiseRate, noiseMatrix } = findings;
    const count = classHealth.reduce((sum, { samples }) => sum + samples, 0);
    const errors = classHealth.reduce((sum, { samples, labelErrorRate: fraction }) => sum + samples * fraction, 0);
    expect(count).toBe(inspection.trainIndices.length);
    expect(errors / count).toBeCloseTo(noiseRate.estimate, 6);
    for (const row of noiseMatrix) expect(row.reduce((sum, fraction) => sum + fraction, 0)).toBeCloseTo(1, 6);
    expect(classHealth.every(({ testAccuracy }) => testAccuracy !== null)).toBe(true);
    expect(findings.reliability!.reduce((sum, { samples }) => sum + samples, 0)).toBe(40);
  });

  it("come with the twin pictures of different labels", () => {
    const duplicates = findings.kinds.find(({ kind }) => kind.name === "duplicate")!;
    const [first, second] = [3, 390].map((sample) => findings.samples.indexOf(sample));
    expect(duplicates.groups[0]).toMatchObject({
      samples: [first, second],
      figures: { exact: true, conflicting: true },
    });
    expect(findings.notes).toEqual([]);
  });

  it("come without other kinds, and all else the same, where those are not wanted", async () => {
    const verdict = expect.not.stringMatching("outlier");
    const issues = findings.issues.map((issue) => ({ ...issue, verdict }));
    expect(await findIssues(inspection, { types: [] })).toEqual({ ...findings, kinds: [], issues });
  });
});

describe("the parts of a run", () => {
  const [cat, dog] = [
    [3, 0],
    [0, 3],
  ];
  const labels = Int32Array.of(0, 1, 0, 0, 0, 1, 1, 0);
  const inspection: RunInspection = {
    ...manySamples(8),
    classes: ["cat", "dog"],
    train: { values: new Float32Array(8), shape: [1], labels, files: [..."abcdefgh"] },
    trainIndices: Int32Array.of(0, 1, 2),
    logits: Float32Array.from([cat, dog, cat, cat, cat, dog, dog, dog].flat() as number[]),
    test: {
      labels: Int32Array.of(0, 1, 1, 0),
      logits: Float32Array.from([cat, cat, dog, cat].flat() as number[]),
      outputs: new Float32Array(8),
      samples: { values: new Float32Array(4), shape: [1], labels: Int32Array.of(0, 1, 1, 0) },
    },
  };
  /** Flags every second sample. */
  const everySecond: IssueKind = {
    name: "second",
    title: "every second sample",
    needs: ["labels"],
    advice: "none",
    find({ part }) {
      const scores = Float32Array.from(part.labels, (_, i) => i % 2);
      return { columns: [column("second", scores, 0.5)], groups: [], summary: `${part.name}: half` };
    },
  };

  it("are ranked by the final network where it was not trained on them, each sample by its position in the data", async () => {
    const heldOut = await findIssues(inspection, { part: "validation", types: [] });
    expect(heldOut.part).toBe("validation");
    expect(heldOut.issues.map(({ index }) => index).sort()).toEqual([3, 4, 5, 6, 7]);
    expect(heldOut.issues[0]).toMatchObject({ index: 7, file: "h", given: "cat", suggested: "dog" });
    const test = await findIssues(inspection, { part: "test", types: [] });
    expect([test.part, test.evaluated, test.issues[0]]).toMatchObject(["test", 4, { index: 1, given: "dog" }]);
  });

  it("are searched for kinds of issues, one's own too; what lacks evidence is said", async () => {
    const { kinds, notes } = await findIssues(inspection, { part: "test", types: ["outlier", everySecond] });
    expect(kinds).toMatchObject([{ kind: { name: "second" }, summary: "test: half" }]);
    expect([...kinds[0]!.columns[0]!.flags]).toEqual([0, 1, 0, 1]);
    expect(notes).toEqual(["outliers: not searched for, without features"]);
  });

  it("are said to have approximate neighbors, with the recall, where a kind used them", async () => {
    const evidence = issueEvidence(
      ["a"],
      featurePart(
        [
          [1, 0],
          [0, 1],
          [1, 1],
        ],
        [0, 0, 0],
      ),
    );
    const approximate = { ...evidence, neighbors: async () => ({ ...(await evidence.neighbors()), recall: 0.954 }) };
    expect((await findKinds(approximate, kindsOf(["outlier"]))).notes).toEqual([
      "nearest neighbors: approximate; 95.4% of the true ones were found",
    ]);
    expect((await findKinds(evidence, kindsOf(["outlier"]))).notes).toEqual([]);
    expect((await findKinds(approximate, kindsOf(["imbalance"]))).notes).toEqual([]);
  });

  it("have a name for wrong labels, which are ranked in any case: label", () => {
    expect(kindsOf(["label", "outlier", "outlier"])).toEqual(kindsOf(["outlier"]));
  });

  it("are refused where there are none, as are unknown kinds", async () => {
    await expect(findIssues({ ...inspection, test: null }, { part: "test" })).rejects.toThrow(
      "the data has no test part; expected train or validation",
    );
    await expect(findIssues(inspection, { types: ["outliers"] })).rejects.toThrow('did you mean "outlier"?');
  });
});

describe("300 correct labels of one class and 6 of another, which was learned late", () => {
  const labels = Int32Array.from({ length: 306 }, (_, i) => Number(i >= 300));
  const epochs = 12;
  /** The rare class's probability rises from 0.05, that of the frequent one from 0.8. */
  const probability = (i: number, epoch: number) =>
    (labels[i] === 1 ? 0.05 + (0.9 * epoch) / epochs : 0.8 + (0.18 * epoch) / epochs) + 0.001 * (i % 5);
  const row = (i: number, epoch: number) => {
    const p = probability(i, epoch);
    return [p, Math.log(p / (1 - p)), p >= 0.5 ? labels[i]! : 1 - labels[i]!];
  };
  const logits = Float32Array.from(
    [...labels.keys()].flatMap((i) => {
      const margin = row(i, epochs)[1]!;
      return labels[i] === 0 ? [margin, 0] : [0, margin];
    }),
  );
  const rare: RunInspection = {
    ...manySamples(306),
    classes: ["frequent", "rare"],
    train: { values: new Float32Array(306), shape: [1], labels },
    logits,
    epochs,
    records: () =>
      Array.from({ length: epochs }, (_, epoch) => Float32Array.from([...labels.keys()].flatMap((i) => row(i, epoch)))),
  };

  it("have no suspect, and no label to correct", async () => {
    const { issues, noiseRate, classHealth } = await findIssues(rare, { types: [] });
    expect(noiseRate.estimate).toBeLessThanOrEqual(0.03);
    expect(Math.max(...issues.map(({ pWrong }) => pWrong))).toBeLessThan(0.5);
    expect(correctable(issues, classHealth)).toEqual([]);
  });
});

describe("the issues by anybody's probabilities", () => {
  const classes = ["cat", "dog"];
  /** Ten cats and ten dogs; cat 2 and dog 17 look like the other. */
  const labels = Int32Array.from({ length: 20 }, (_, i) => Number(i >= 10));
  const belief = (i: number) => ([2, 17].includes(i) ? 0.1 : 0.9) * (1 - i / 1000);
  const probabilities = Float32Array.from(
    [...labels].flatMap((label, i) => [belief(i), 1 - belief(i)].map((_, j, row) => row[j === label ? 0 : 1]!)),
  );

  it("rank by the probability of the given label, each class measured by itself, and count by the confident joint", () => {
    const { issues, noiseRate, noiseMatrix, classHealth } = findIssuesByProbabilities({
      probabilities,
      labels,
      classes,
    });
    expect(issues.slice(0, 2)).toMatchObject([
      { index: 2, given: "cat", suggested: "dog", probability: expect.closeTo(belief(2), 6) },
      { index: 17, given: "dog", suggested: "cat", probability: expect.closeTo(belief(17), 6) },
    ]);
    expect(noiseRate).toMatchObject({ estimate: expect.closeTo(0.1, 6), method: "confident joint" });
    expect(noiseMatrix.flat().map((fraction) => Number(fraction.toFixed(6)))).toEqual([0.9, 0.1, 0.1, 0.9]);
    expect(classHealth.map(({ labelErrorRate: fraction }) => Number(fraction.toFixed(6)))).toEqual([0.1, 0.1]);
  });

  it("need a probability for each class", () => {
    const classNames = ["cat", "dog", "owl"];
    expect(() => findIssuesByProbabilities({ probabilities, labels, classes: classNames })).toThrow(
      "2 probabilities a sample; expected 3",
    );
  });
});

it("features need a row for each label", async () => {
  const features = { values: new Float32Array(10), size: 5 };
  await expect(findIssuesByFeatures({ features, labels: Int32Array.of(0, 1, 0), classes: ["a", "b"] })).rejects.toThrow(
    "features: received 10 values for 3 labels; expected 5 for each label",
  );
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])("features that are %d are refused", async (value) => {
  const features = { values: Float32Array.of(1, 2, 3, value), size: 2 };
  await expect(findIssuesByFeatures({ features, labels: Int32Array.of(0, 1), classes: ["a", "b"] })).rejects.toThrow(
    `features: received ${value} in row 1; expected finite numbers`,
  );
});

it("the history of the epochs is folded once, for the ranking and for the probabilities that it is made by", async () => {
  const counted = { reads: 0 };
  const inspected = manySamples(40);
  const records = () => {
    counted.reads++;
    return inspected.records();
  };
  const given = { ...inspected, records };
  await findIssues(given, { types: [] });
  const ranked = counted.reads;
  expect(labelProbabilities(given)).toHaveLength(80);
  expect([ranked > 0, counted.reads]).toEqual([true, ranked]);
});
