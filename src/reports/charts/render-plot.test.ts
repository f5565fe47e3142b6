import { describe, expect, it } from "vitest";
import { type Plot, plotSpec } from "./curves-spec.js";
import { renderPlot } from "./render-plot.js";

const values = (numbers: number[]) => numbers.map((value, epoch) => ({ epoch, value }));

const plot: Plot = {
  title: "Accuracy",
  caption: "",
  axis: "Accuracy (%)",
  unit: "percent",
  series: [
    { name: "Test", color: "var(--test)", dash: [], values: values([0.1, 0.3, 0.25]) },
    { name: "Training", color: "var(--given)", dash: [7, 3], values: values([0.2, 0.4, 0.6]) },
  ],
};

describe("a rendered plot", () => {
  it("is one SVG element with a line and an end point for each series, in its color and dash", async () => {
    const svg = await renderPlot(plotSpec(plot));
    expect(svg).toMatch(/^<svg [^>]*>.*<\/svg>$/s);
    expect(svg).toContain('viewBox="0 0 560 300"');
    expect(svg.match(/stroke="var\(--test\)" stroke-width="2.25"/g)).toHaveLength(1);
    expect(svg.match(/stroke="var\(--given\)"[^>]* stroke-dasharray="7,3"/g)).toHaveLength(1);
    expect(svg.match(/fill="var\(--(test|given)\)"/g)).toHaveLength(2);
  });

  it("labels its axes, accuracy in percent and epochs as integers", async () => {
    const svg = await renderPlot(plotSpec(plot));
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
    expect(texts).toEqual(expect.arrayContaining(["Epoch", "Accuracy (%)", "0", "1", "2", "0%", "20%", "60%"]));
    expect(texts).not.toContain("0.5");
  });

  it("marks the epoch at which the targets start to move", async () => {
    const svg = await renderPlot(plotSpec({ ...plot, mark: { epoch: 1, label: "targets start to move" } }));
    expect(svg).toContain(">targets start to move</text>");
  });

  it("starts the axis of fractions at zero unless all of them are above a half", async () => {
    const high = { ...plot, series: [{ ...plot.series[0]!, values: values([0.9, 0.94]) }] };
    expect(await renderPlot(plotSpec(high))).not.toContain(">0%<");
    const single = { ...plot, series: [{ ...plot.series[0]!, values: values([0.9]) }] };
    expect(await renderPlot(plotSpec(single))).toContain(">0%<");
  });

  it("writes paths to a hundredth of a pixel", async () => {
    const svg = await renderPlot(plotSpec(plot));
    const paths = [...svg.matchAll(/ d="([^"]*)"/g)].map(([, path]) => path).join(" ");
    expect(paths).toMatch(/\d/);
    expect(paths).not.toMatch(/\.\d{3}/);
  });
});
