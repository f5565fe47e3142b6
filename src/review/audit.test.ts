import { describe, expect, it } from "vitest";
import { randomFrom } from "../data/random.js";
import { binomialTailInversion } from "../metrics/index.js";
import { parseAction, type ReviewActionInput } from "./actions.js";
import { auditResult, drawAudit, reviewState } from "./index.js";

const stateOf = (...actions: Partial<ReviewActionInput>[]) =>
  reviewState(actions.map((action, i) => parseAction(action, String(i))));
const samples = Int32Array.from({ length: 10_000 }, (_, i) => 2 * i);
const request = { part: "train", samples, draws: 299, reviewer: "me", seed: 1 } as const;

describe("a random audit", () => {
  it("draws distinct samples without a decision of any reviewer, the same for the same seed", () => {
    const reviewed = Array.from(samples.subarray(0, 5000));
    const state = stateOf(
      { samples: reviewed, verdict: "right", reviewer: "ann" },
      { samples: [18_000], verdict: "later" },
    );
    const { samples: drawn, population } = drawAudit(state, request);
    expect(population).toBe(5000);
    expect(new Set(drawn).size).toBe(299);
    expect(drawn.every((sample) => sample >= 10_000 && sample % 2 === 0)).toBe(true);
    expect(drawAudit(state, request).samples).toEqual(drawn);
    expect(drawAudit(state, { ...request, seed: 2 }).samples).not.toEqual(drawn);
    expect(drawAudit(state, { ...request, draws: 7000 }).samples).toHaveLength(5000);
    const all = stateOf({ samples: [...samples], verdict: "right" });
    expect(() => drawAudit(all, request)).toThrow("every sample of the train part has a verdict: nothing to audit");
  });

  it("states no bound before every draw has a verdict, then the sentence with the bound of Clopper and Pearson", () => {
    const draw = drawAudit(stateOf(), request);
    expect(auditResult(stateOf(), "train", "me")).toBeNull();
    const most = stateOf(draw, { samples: draw.samples.slice(1), verdict: "right" });
    expect(auditResult(most, "train", "me")).toMatchObject({ drawn: 299, decided: 298, bound: null, corrected: null });
    const found = { samples: Array.from({ length: 50 }, (_, i) => 2 * i + 1), verdict: "none" } as const;
    const done = auditResult(stateOf(draw, { samples: draw.samples, verdict: "right" }, found), "train", "me")!;
    expect(done.bound).toBeCloseTo(1 - 0.05 ** (1 / 299), 12);
    expect(done.corrected).toBeCloseTo(50 / (50 + done.bound! * 10_000), 12);
    expect(done.text).toBe(
      "0 wrong among 299 drawn at random from those not reviewed: with 95% confidence at most 1.0% of those not reviewed are wrong; at least 33.4% of all wrong labels are found",
    );
  });

  it("counts wrong labels among the draws as found, and says that several audits can fail more often", () => {
    const [first, second] = [drawAudit(stateOf(), request), drawAudit(stateOf(), { ...request, draws: 59, seed: 5 })];
    const wrong = { samples: second.samples.slice(0, 3), verdict: "none" } as const;
    const right = { samples: second.samples.slice(3), verdict: "ambiguous" } as const;
    const result = auditResult(stateOf(first, second, wrong, right), "train", "me")!;
    expect(result.bound).toBe(binomialTailInversion(3, 59, 0.05));
    expect(result.corrected).toBeCloseTo(3 / (result.bound! * 10_000), 12);
    expect(result.text).toMatch(/^3 wrong among 59 drawn .*; after 2 audits, all bounds hold but for a chance of 10%$/);
  });

  it("is exact where all samples were drawn", () => {
    const draw = drawAudit(stateOf(), { ...request, samples: samples.subarray(0, 20) });
    const result = auditResult(stateOf(draw, { samples: draw.samples, verdict: "right" }), "train", "me")!;
    expect([result.bound, result.corrected]).toEqual([0, 1]);
    expect(result.text).toBe(
      "all 20 samples that were not reviewed are decided, 0 of them wrong: nothing is left to estimate",
    );
  });

  it("has bounds that hold in at least 95% of audits", () => {
    const random = randomFrom(3, "truth");
    let held = 0;
    for (let trial = 0; trial < 200; trial++) {
      const rate = 0.1 * random.uniform();
      const wrong = new Set(Array.from(samples).filter(() => random.uniform() < rate));
      const draw = drawAudit(stateOf(), { ...request, draws: 100, seed: trial });
      const [bad, good] = [draw.samples.filter((s) => wrong.has(s)), draw.samples.filter((s) => !wrong.has(s))];
      const verdicts = [
        ...(bad.length === 0 ? [] : [{ samples: bad, verdict: "none" } as const]),
        { samples: good, verdict: "right" } as const,
      ];
      if (auditResult(stateOf(draw, ...verdicts), "train", "me")!.bound! >= wrong.size / samples.length) held += 1;
    }
    expect(held / 200).toBeGreaterThanOrEqual(0.95);
  });
});
