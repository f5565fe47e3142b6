import { describe, expect, it } from "vitest";
import { renderPlot } from "../../charts/render-plot.js";
import { driftGroups, driftHistogram } from "./drift-histogram.js";

// Labels 0, 1, 0, 1 of two classes; the last two are wrong; the fourth was held out.
const labels = {
  given: [0, 1, 0, 1],
  clean: [0, 1, 1, 0],
  targets: [1, 0, 0.32, 0.68, 0.02, 0.98, 0, 1],
  trained: [0, 1, 2],
};

const filled = (fractions: readonly number[]) =>
  fractions.flatMap((fraction, bin) => (fraction > 0 ? [[bin, fraction]] : []));

describe("the histogram of drift", () => {
  it("sorts 1 - t[label] into twenty bins, correct and wrong labels separately, without held-out samples", () => {
    const groups = driftGroups(labels, 2);
    expect(groups.map(({ name, samples }) => [name, samples])).toEqual([
      ["Correct labels", 2],
      ["Wrong labels", 1],
    ]);
    expect(groups.map(({ fractions }) => filled(fractions))).toEqual([
      [
        [0, 0.5],
        [6, 0.5],
      ],
      [[19, 1]],
    ]);
  });

  it("puts all labels together where the true ones are unknown", () => {
    const groups = driftGroups({ ...labels, clean: null }, 2);
    expect(groups.map(({ name, samples }) => [name, samples])).toEqual([["All labels", 3]]);
    expect(driftHistogram(groups)?.caption).not.toContain("Each color");
  });

  it("keeps a target that left the label altogether, or overshot by rounding, in the outer bins", () => {
    const [group] = driftGroups({ given: [0, 0], clean: null, targets: [0, 1, 1.0000001, 0], trained: [0, 1] }, 2);
    expect(filled(group!.fractions)).toEqual([
      [0, 0.5],
      [19, 0.5],
    ]);
  });

  it("is not drawn for a method without targets", () => {
    expect(driftHistogram(driftGroups({ ...labels, targets: null }, 2))).toBeNull();
  });

  it("draws a bar that stands on the axis for each bin with samples, and counts the labels in the legend", async () => {
    const drawing = driftHistogram(driftGroups(labels, 2))!;
    const svg = await renderPlot(drawing.spec);
    expect(svg.match(/fill="var\(--true\)" fill-opacity="0.15"/g)).toHaveLength(2);
    expect(svg.match(/fill="var\(--given\)"/g)).toHaveLength(1);
    const feet = [...svg.matchAll(/d="M[\d.]+,([\d.]+)h[\d.]+v([\d.]+)h[^"]*" fill="var/g)].map(
      ([, y, h]) => Number(y) + Number(h),
    );
    expect(feet).toHaveLength(3);
    expect(new Set(feet.map(Math.round)).size).toBe(1);
    expect(drawing.legend?.markup).toMatch(/Correct labels <b>2<\/b>.*Wrong labels <b>1<\/b>/s);
    expect(drawing.description).toContain("Wrong labels: 100.0% of the targets have drifted from the given label");
  });
});
