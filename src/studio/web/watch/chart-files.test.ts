import { describe, expect, it } from "vitest";
import { chartCsv, chartSvg } from "./chart-files.js";
import type { ChartData } from "./figures.js";

const chart: ChartData = {
  ...{ id: "loss", title: "Loss", unit: "number", axis: "epochs", x: [0.5, 1, 2] },
  curves: [
    { label: "Training, given labels", values: [null, 2.25, 1.5] },
    { label: "Each step", faint: true, values: [2.5, null, null] },
  ],
};

describe("a chart as a file", () => {
  it("is CSV with a column a curve, missing values empty, and names with commas quoted", () => {
    expect(chartCsv(chart)).toBe('epochs,"Training, given labels",Each step\n0.5,,2.5\n1,2.25,\n2,1.5,\n');
  });

  it("is SVG with a line a curve inside the frame, the mark, and no markup from names", () => {
    const svg = chartSvg({ ...chart, title: "<b>&" }, { x: 1, label: "targets start" });
    expect(svg).toContain("&lt;b>&amp;");
    expect(svg).toContain(">targets start</text>");
    expect(svg).toContain('d="M380 117L704 360"');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("is drawn of one value as well", () => {
    const one = { ...chart, x: [1], curves: [{ label: "a", values: [3] }] };
    expect(chartSvg(one, null)).not.toMatch(/NaN|Infinity|undefined/);
  });
});
