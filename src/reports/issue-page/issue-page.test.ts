import { describe, expect, it } from "vitest";
import { checkNesting, headings, pageText } from "../../../test/support/page.js";
import { findings, labelRecord, pictures, plainRun } from "../../../test/support/runs.js";
import type { FoundKind } from "../../issues/index.js";
import { renderReport } from "../index.js";
import { renderIssues } from "./issue-page.js";
import { everyRow } from "./part-samples.js";

const hostile = `<script>alert("1")</script>&'`;
const column = (name: string, scores: readonly number[]) => ({
  name,
  scores: Float32Array.from(scores),
  flags: Uint8Array.from(scores, (score) => Number(score > 0.5)),
});
const kind = (name: string) => ({ name, title: `${name} kind`, advice: `mind the ${name}` });

const copies: FoundKind = {
  kind: kind("copies"),
  columns: [column("copies", [1, 0, 1, 0, 0, 0])],
  groups: [{ samples: [0, 2], text: `#0 = #2: ${hostile}`, figures: {} }],
  summary: "one group",
};
const leaks: FoundKind = {
  kind: kind("leaks"),
  columns: [column("leaks", [0, 1, 0, 0, 0, 0])],
  groups: [{ samples: [1], others: { part: "test", samples: [4] }, text: "#1 = test #4", figures: {} }],
  summary: "one leak",
};
const quality: FoundKind = {
  kind: kind("quality"),
  columns: [column("too_dark", [0, 0.6, 0.9, 0, Number.NaN, 0]), column("blurry", [0, 0, 0, 0, 0, 0])],
  groups: [],
  summary: "2 too dark",
};
const clean: FoundKind = {
  kind: kind("clean"),
  columns: [column("clean", [0, 0, 0, 0, 0, 0])],
  groups: [],
  summary: "nothing found",
};
const found = { ...findings, kinds: [copies, leaks, quality, clean] };
const samples = new Map([
  ["train", everyRow(pictures)],
  ["test", everyRow({ ...pictures, labels: Int32Array.of(2, 2, 2, 2, 1, 0) })],
]);
const sectionOf = (page: string, heading: string) => page.split(`<h2>${heading}</h2>`)[1]!.split("<h2>")[0]!;

describe("the page of issues", () => {
  it("has a section for each kind that flags samples, and an overview of all", async () => {
    const page = await renderIssues({ title: "Pets", findings: found, samples });
    checkNesting(page);
    expect(headings(page)).toEqual([
      "Likely label errors",
      "Other issues",
      "Copies kind",
      "Leaks kind",
      "Quality kind",
      "Too dark: 2",
      "Classes",
    ]);
    const overview = pageText(sectionOf(page, "Other issues"));
    expect(overview).toMatch(/Copies kind\s+2\s+one group\s+Leaks kind\s+1\s+one leak\s+Quality kind\s+2\s+2 too dark/);
    expect(overview).toMatch(/Clean kind\s+0\s+nothing found/);
    expect(page).not.toContain("<script");
    expect(page).not.toMatch(/undefined|NaN/);
  });

  it("has no figure for a noise rate that is unknown", async () => {
    const noiseRate = { estimate: 0, low: 0, high: 0.9, method: "near chance" } as const;
    const page = await renderIssues({ title: "Pets", findings: { ...found, noiseRate }, samples });
    expect(pageText(page)).toMatch(/Likely label errors\s+unknown\s+0\.0% to 90\.0% of 6 labels/);
  });

  it("shows the samples of a group side by side, and both sides of a leak", async () => {
    const page = await renderIssues({ title: "Pets", findings: found, samples });
    const group = sectionOf(page, "Copies kind");
    expect(group.match(/<img/g)).toHaveLength(2);
    expect(pageText(group)).toMatch(/cat\s+no\. 0\s+dog\s+no\. 2\s/);
    expect(pageText(group)).toContain("To do: mind the copies.");
    const leak = sectionOf(page, "Leaks kind");
    expect(leak.match(/<img/g)).toHaveLength(2);
    expect(pageText(leak)).toMatch(/dog\s+no\. 1\s+dog\s+test no\. 4\s/);
  });

  it("shows the flagged samples of a check, the highest score first", async () => {
    const page = await renderIssues({ title: "Pets", findings: found, samples });
    const text = pageText(sectionOf(page, "Quality kind"));
    expect(text).toMatch(/dog\s+no\. 2 \u00b7 0\.900\s+dog\s+no\. 1 \u00b7 0\.600/);
  });

  it("limits the pictures, and says how many are left out", async () => {
    const n = 500;
    const many = { ...pictures, values: new Uint8Array(n * 192), labels: new Int32Array(n) };
    const groups = Array.from({ length: 50 }, (_, g) => ({
      samples: Array.from({ length: 10 }, (_, i) => 10 * g + i),
      text: `group ${g}`,
      figures: {},
    }));
    const all = column("copies", new Array<number>(n).fill(1));
    const large = [
      { ...copies, columns: [all], groups },
      { ...quality, columns: [all] },
    ];
    const page = await renderIssues({
      title: "Many",
      findings: { ...findings, issues: [], kinds: large },
      samples: new Map([["train", everyRow(many)]]),
    });
    expect(page.match(/<img/g)).toHaveLength(12 * 8 + 16);
    expect(page).toContain("38 more groups are not shown.");
    expect(page).toContain("2 more samples are not shown.");
    expect(page).toContain("484 more samples are not shown.");
  });

  it("has text alone for samples that are not images, and without samples", async () => {
    const rows = { values: new Float32Array(12), shape: [2], labels: pictures.labels };
    const text = await renderIssues({ title: "T", findings: found, samples: new Map([["train", everyRow(rows)]]) });
    checkNesting(text);
    expect(text).not.toContain("<img");
    expect(pageText(sectionOf(text, "Copies kind"))).toMatch(/cat\s+no\. 0\s+dog\s+no\. 2/);
    const none = await renderIssues({ title: "T", findings: found, samples: new Map() });
    checkNesting(none);
    expect(sectionOf(none, "Copies kind")).toContain("#0 = #2");
  });
});

it("the report of a run has the same sections", async () => {
  const page = await renderReport({
    ...plainRun,
    title: "Pets",
    findings: found,
    samples: pictures,
    labels: labelRecord,
    parts: samples,
  });
  checkNesting(page);
  expect(headings(page)).toEqual(expect.arrayContaining(["Other issues", "Copies kind", "Quality kind"]));
});
