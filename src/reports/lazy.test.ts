import { expect, it, vi } from "vitest";
import { crossEntropyRun } from "../../test/support/runs.js";
import { comparisonTable, renderReport } from "./index.js";

vi.mock("vega", () => {
  throw new Error("vega was loaded");
});

it("loads the plotting library only when a plot is drawn", async () => {
  expect(comparisonTable([crossEntropyRun])).not.toEqual([]);
  await expect(renderReport({ title: "run", ...crossEntropyRun })).rejects.toThrow();
});
