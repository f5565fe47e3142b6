import { describe, expect, it } from "vitest";
import { byMethod, tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import { methods } from "../methods/index.js";
import { areaUnderRiskCoverage, confidenceBy, correctness, errorAtCoverage } from "../metrics/index.js";
import { train } from "../training/train.js";
import { confidences, figuresByScore } from "./selective-figures.js";

const logits = Float32Array.of(2, 1, 0, 3, 1, 0.5);
const evaluation = {
  outputs: Float32Array.of(2, 1, 4, 0, 3, -1, 1, 0.5, 0),
  logits,
  labels: Int32Array.of(0, 0, 0),
};

describe("the scores of a run", () => {
  it("begin with the method's own, read from all outputs, and go on with those of its classes", () => {
    const found = confidences("sat-selective", evaluation);
    expect([...found.keys()]).toEqual(["abstention", "softmax-response", "max-logit", "entropy", "energy"]);
    for (const [score, confidence] of found) {
      expect(confidence).toEqual(confidenceBy(score as "energy", evaluation.outputs, 3, 2));
    }
    expect([...confidences("ce", { ...evaluation, outputs: logits }).keys()][0]).toBe("softmax-response");
    expect([...confidences("selectivenet", evaluation).keys()][0]).toBe("selection");
  });

  it("are each evaluated by how well they separate correct predictions from wrong ones", () => {
    const confidence = Float64Array.of(0.9, 0.8, 0.1);
    const correct = correctness(logits, evaluation.labels);
    expect(figuresByScore(evaluation, new Map([["energy", confidence]]))).toEqual({
      energy: {
        errorAtCoverage: errorAtCoverage(confidence, correct),
        aurc: areaUnderRiskCoverage(confidence, correct),
      },
    });
  });

  it.each(["ce", "sat-selective", "deep-gamblers", "selectivenet"] as const)(
    "are in the summary of a run by %s, with MC dropout if requested",
    async (objective) => {
      const recipe = byMethod({ ...tinyRecipe, epochs: 1, objective, mcPasses: 2 });
      const { summary } = await train(recipe, { dataSet: tinyShapes });
      const own = { ce: "softmax-response", selectivenet: "selection" }[objective as string] ?? "abstention";
      const names = Object.keys(summary?.scores ?? {});
      expect(names[0]).toBe(own);
      expect(names.at(-1)).toBe("mc-dropout");
      // Energies and the like order the samples; at full coverage every score has the network's own error.
      for (const { errorAtCoverage, aurc } of Object.values(summary?.scores ?? {})) {
        expect(errorAtCoverage["100"]).toBeCloseTo(1 - summary!.testAccuracy!, 12);
        expect(aurc).toBeGreaterThanOrEqual(0);
      }
    },
  );

  it("are there for every method, and absent without a test set", async () => {
    for (const { name: objective } of methods()) expect(confidences(objective, evaluation).size).toBeGreaterThan(3);
    const { summary } = await train({ ...tinyRecipe, epochs: 1 }, { dataSet: { ...tinyShapes, test: null } });
    expect(summary?.scores).toBeNull();
  });
});
