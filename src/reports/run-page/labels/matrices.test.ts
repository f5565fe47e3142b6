import { describe, expect, it } from "vitest";
import { findings, labelRecord } from "../../../../test/support/runs.js";
import type { Findings } from "../../../issues/findings.js";
import { renderPlot } from "../../charts/render-plot.js";
import type { Drawing } from "../../html/figure.js";
import { matrixDrawings } from "./matrices.js";
import { pairFigure } from "./pair-table.js";

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
const squares = (svg: string) =>
  [...svg.matchAll(/<path[^>]*fill="(currentColor|var\(--heat\))" fill-opacity="([\d.]+)"/g)].map(
    ([, fill, opacity]) => [fill, Number(Number(opacity).toFixed(2))],
  );
const drawn = async (drawing: Drawing | undefined) => renderPlot(drawing!.spec);

function ofClasses(count: number): Findings {
  const classes = Array.from({ length: count }, (_, i) => `kind ${i}`);
  const noiseMatrix = classes.map((_, i) => classes.map((_, j) => (i === j ? 0.9 : 0.1 / (count - 1))));
  return { ...findings, classes, noiseMatrix };
}

describe("the noise matrix", () => {
  it("has names on both axes and a number in each cell that is not empty", async () => {
    const svg = await drawn(matrixDrawings(findings, null)[0]);
    expect(texts(svg).filter((text) => text === "frog")).toHaveLength(2);
    expect(texts(svg)).toEqual(
      expect.arrayContaining(["Given label", "Estimated class", "60", "30", "10", "80", "20"]),
    );
    expect(texts(svg)).not.toContain("0.0");
  });

  it("colors what is off the diagonal relative to the largest, and leaves the diagonal gray", async () => {
    expect(squares(await drawn(matrixDrawings(findings, null)[0]))).toEqual([
      ["currentColor", 0.09],
      ["var(--heat)", 1],
      ["var(--heat)", 0.33],
      ["var(--heat)", 0],
      ["currentColor", 0.09],
      ["var(--heat)", 0.67],
      ["var(--heat)", 0],
      ["var(--heat)", 0],
      ["currentColor", 0.09],
    ]);
  });

  it("writes light numbers on strong color alone", async () => {
    const svg = await drawn(matrixDrawings(findings, null)[0]);
    const light = [...svg.matchAll(/<text[^>]*fill="var\(--on-heat\)"[^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(light).toEqual(["30"]);
  });

  it("comes with the true one on the same color scale, if the true labels are known", async () => {
    const [estimated, truth, ...others] = matrixDrawings(findings, labelRecord);
    expect(others).toEqual([]);
    expect([estimated?.title, truth?.title]).toEqual(["Noise matrix, estimated", "Noise matrix, true"]);
    expect(truth?.caption).toBe("Most confused: cat labeled dog (25.0%), cat labeled frog (25.0%).");
    expect(squares(await drawn(truth))[1]).toEqual(["var(--heat)", 0.83]);
    expect(matrixDrawings(findings, { ...labelRecord, clean: null })).toHaveLength(1);
  });

  it("is not estimated where the noise rate is unknown", () => {
    const noiseRate = { estimate: 0, low: 0, high: 0.9, method: "near chance" } as const;
    expect(matrixDrawings({ ...findings, noiseRate }, null)).toEqual([]);
    expect(matrixDrawings({ ...findings, noiseRate }, labelRecord).map(({ title }) => title)).toEqual([
      "Noise matrix, true",
    ]);
  });

  it("names the most confused pairs in its description, or that there are none", () => {
    const [drawing] = matrixDrawings(findings, null);
    expect(drawing?.description).toContain(
      "Most confused: cat labeled dog (30.0%), dog labeled frog (20.0%), cat labeled frog (10.0%).",
    );
    const still = {
      ...findings,
      noiseMatrix: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    };
    expect(matrixDrawings(still, null)[0]?.caption).toBe("No two classes are confused.");
  });

  it("writes numbers for up to twelve classes and shows twenty at most", async () => {
    expect(texts(await drawn(matrixDrawings(ofClasses(12), null)[0]))).toContain("90");
    expect(texts(await drawn(matrixDrawings(ofClasses(13), null)[0]))).not.toContain("90");
    const [large] = matrixDrawings(ofClasses(100), null);
    expect(large?.caption).toContain("The 20 most confused classes, of 100.");
    expect(squares(await drawn(large))).toHaveLength(400);
  });

  it("escapes the names of classes", async () => {
    const svg = await drawn(matrixDrawings({ ...findings, classes: ["<script>", "&", "'\""] }, null)[0]);
    expect(svg).not.toContain("<script");
    expect(texts(svg)).toContain("&lt;script&gt;");
  });
});

describe("the most confused pairs", () => {
  it("are listed with bars, the first one full", () => {
    const page = pairFigure(findings)?.markup ?? "";
    const rows = [...page.matchAll(/<th scope="row">([^<]*)<.*?width:([\d.]+%).*?([\d.]+%)<\/td>/g)];
    expect(rows.map(([, ...row]) => row)).toEqual([
      ["cat, labeled dog", "100.0%", "30.0%"],
      ["dog, labeled frog", "66.7%", "20.0%"],
      ["cat, labeled frog", "33.3%", "10.0%"],
    ]);
    expect(pairFigure({ ...findings, noiseMatrix: [[1]], classes: ["cat"] })).toBeNull();
  });
});
