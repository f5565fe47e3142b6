import { expect, it, vi } from "vitest";
import { comparisonTable, renderReport } from "../../src/reports/index.js";
import { crossEntropyRun } from "../support/runs.js";

vi.mock("vega", () => {
  throw new Error("vega was loaded");
});

it("loads the plotting library only when a plot is drawn", async () => {
  expect(comparisonTable([crossEntropyRun])).not.toEqual([]);
  await expect(renderReport({ title: "run", ...crossEntropyRun })).rejects.toThrow();
});
