import { expect, it } from "vitest";
import { findings } from "../../../../test/support/runs.js";
import { unknownReason } from "../../../issues/index.js";
import { healthJson } from "./issues-files.js";

it("the health of data has the noise rate, or the reason why it is unknown and none of the figures that follow from it", () => {
  const { noiseRate, classHealth, noiseMatrix } = findings;
  expect(JSON.parse(healthJson(findings))).toMatchObject({
    labelErrorRate: noiseRate.estimate,
    noiseRate: { ...noiseRate, unknown: null },
    classes: classHealth,
    noiseMatrix,
  });
  const memorized = { estimate: 0, low: 0, high: 0.9, method: "memorized" } as const;
  expect(JSON.parse(healthJson({ ...findings, noiseRate: memorized }))).toMatchObject({
    labelErrorRate: null,
    noiseRate: { ...memorized, unknown: unknownReason(memorized) },
    classes: classHealth.map(({ name }) => ({ name, cleanLabels: null, labelErrorRate: null })),
    noiseMatrix: null,
  });
});
