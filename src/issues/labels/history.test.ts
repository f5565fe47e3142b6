import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { randomFrom } from "../../data/index.js";
import { foldHistory } from "./history.js";

const classes = 4;
const epochs = 7;
const labels = Int32Array.from({ length: 30 }, (_, i) => i % classes);
const random = randomFrom(3, "history test");
const draw = () => random.integer(1000) / 1000;
/** Sample 5 is never visited, sample 6 not in epoch 2. */
const visited = (epoch: number, i: number) => i !== 5 && !(i === 6 && epoch === 2);
const records = Array.from({ length: epochs }, (_, epoch) =>
  Float32Array.from(labels.length === 0 ? [] : [...labels.keys()].flatMap((i) => rowOf(epoch, i))),
);

function rowOf(epoch: number, i: number): number[] {
  const row = [draw(), 4 * draw() - 2, draw() < 0.5 ? labels[i]! : random.integer(classes)];
  return visited(epoch, i) ? row : [Number.NaN, Number.NaN, Number.NaN];
}

/** What happened to one sample, epoch by epoch. */
const visitsOf = (i: number) =>
  records.flatMap((record, epoch) => {
    const [probability, margin, predicted] = record.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    return Number.isNaN(probability)
      ? []
      : [{ epoch, probability, margin, predicted, correct: predicted === labels[i] }];
  });

/** The probability of class j as far as a row has it: p_y, p_a = p_y exp(-margin), and the rest divided evenly. */
function knownOf(
  { probability, margin, predicted }: ReturnType<typeof visitsOf>[number],
  label: number,
  j: number,
): number {
  const other = predicted === label ? 0 : Math.min(probability * Math.exp(-margin), 1 - probability);
  if (j === label) return probability;
  if (j === predicted) return other;
  return (1 - probability - other) / (classes - (predicted === label ? 1 : 2));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const history = foldHistory(records, labels, classes);
const seen = [...labels.keys()].filter((i) => i !== 5);

describe("the history of samples, folded over epochs", () => {
  it("has the means that a plain loop over all epochs gives", () => {
    for (const i of seen) {
      const visits = visitsOf(i);
      expect(history.visits[i]).toBe(visits.length);
      expectAllClose(history.areaUnderMargin[i]!, mean(visits.map(({ margin }) => margin)), { rtol: 1e-5 });
      expectAllClose(history.agreement[i]!, mean(visits.map(({ correct }) => Number(correct))), { rtol: 1e-6 });
    }
  });

  it("counts correct predictions followed by wrong ones as forgetting events", () => {
    for (const i of seen) {
      const visits = visitsOf(i);
      const events = visits.filter(({ correct }, k) => k > 0 && !correct && visits[k - 1]!.correct);
      expect(history.forgettingEvents[i]).toBe(events.length);
    }
  });

  it("dates disagreement from the first epoch of the final streak of other predictions", () => {
    for (const i of seen) {
      const visits = visitsOf(i);
      const lastCorrect = visits.findLastIndex(({ correct }) => correct);
      expect(history.disagreesFrom[i]).toBe(visits[lastCorrect + 1]?.epoch ?? -1);
      expect(history.lastPrediction[i]).toBe(visits.at(-1)!.predicted);
    }
  });

  it("weights epochs by the fraction of samples that were not predicted as labeled, and by their age", () => {
    const fractions = records.map((_, epoch) => {
      const all = seen.flatMap((i) => visitsOf(i).filter((visit) => visit.epoch === epoch));
      return (all.filter(({ correct }) => !correct).length + 1) / (all.length + 1);
    });
    const weighted = (i: number, weights: readonly number[], of: "probability" | "margin") => {
      const total = visitsOf(i).reduce((sum, { epoch }) => sum + weights[epoch]!, 0);
      return visitsOf(i).reduce((sum, visit) => sum + (weights[visit.epoch]! * visit[of]) / total, 0);
    };
    const squares = fractions.map((fraction) => fraction ** 2);
    const weights = fractions.map((fraction, epoch) => ((epoch + 1) * fraction ** 2) ** 2);
    for (const i of seen) {
      expectAllClose(history.informativeMargin[i]!, weighted(i, squares, "margin"), { rtol: 1e-5 });
      expectAllClose(history.informativeProbability[i]!, weighted(i, weights, "probability"), { rtol: 1e-6 });
      const total = visitsOf(i).reduce((sum, { epoch }) => sum + weights[epoch]!, 0);
      expectAllClose(history.informativeWeight[i]!, total, { rtol: 1e-12 });
      const probabilities = Array.from({ length: classes }, (_, j) =>
        visitsOf(i).reduce((sum, visit) => sum + (weights[visit.epoch]! * knownOf(visit, labels[i]!, j)) / total, 0),
      );
      expectAllClose(history.informativeProbabilities.subarray(i * classes, (i + 1) * classes), probabilities, {
        rtol: 1e-5,
      });
    }
  });

  it("knows no visit of a sample that was held out", () => {
    expect(history.visits[5]).toBe(0);
    expect(history.agreement[5]).toBe(0);
    expect(history.disagreesFrom[5]).toBe(-1);
  });
});
