import { describe, expect, it } from "vitest";
import { findings, labelRecord } from "../../../../test/support/runs.js";
import { classTable } from "./class-table.js";

const rows = (page: string) =>
  [...page.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row!.matchAll(/<t[hd][^>]*>(?:<span.*?<\/span>)?([^<]*)</g)].map(([, cell]) => cell),
  );
const widths = (page: string) => [...page.matchAll(/width:([\d.]+%)/g)].map(([, width]) => width);

describe("the table of classes", () => {
  it("begins with the class that looks worst, and marks what is unknown", () => {
    const page = classTable(findings, null)?.markup ?? "";
    expect(rows(page)).toEqual([
      ["Given label", "Samples", "Estimated wrong", "Test accuracy"],
      ["dog", "2", "25.0%", "72.0%"],
      ["cat", "2", "12.5%", "81.0%"],
      ["frog", "2", "0.0%", "–"],
    ]);
    expect(widths(page)).toEqual(["100.0%", "72.0%", "50.0%", "81.0%", "0.0%"]);
  });

  it("has the true fraction of wrong labels next to the estimated one, in bars of one scale", () => {
    const page = classTable(findings, labelRecord)?.markup ?? "";
    expect(rows(page).slice(0, 3)).toEqual([
      ["Given label", "Samples", "Estimated wrong", "Actually wrong", "Test accuracy"],
      ["dog", "2", "25.0%", "50.0%", "72.0%"],
      ["cat", "2", "12.5%", "0.0%", "81.0%"],
    ]);
    expect(widths(page).slice(0, 2)).toEqual(["50.0%", "100.0%"]);
  });

  it("leaves out test accuracy without a test set, and is nothing without classes", () => {
    const classHealth = findings.classHealth.map((health) => ({ ...health, testAccuracy: null }));
    expect(classTable({ ...findings, classHealth }, null)?.markup).not.toContain("Test accuracy");
    expect(classTable({ ...findings, classHealth: [] }, null)).toBeNull();
  });

  it("leaves out the estimate where the noise rate is unknown", () => {
    const noiseRate = { estimate: 0, low: 0, high: 0.7, method: "near chance" } as const;
    const page = classTable({ ...findings, noiseRate }, labelRecord)?.markup ?? "";
    expect(rows(page).slice(0, 2)).toEqual([
      ["Given label", "Samples", "Actually wrong", "Test accuracy"],
      ["dog", "2", "50.0%", "72.0%"],
    ]);
    expect(widths(page)[0]).toBe("100.0%");
  });

  it("shows the thirty worst of many classes and says so", () => {
    const classHealth = Array.from({ length: 100 }, (_, i) => ({
      ...findings.classHealth[0]!,
      name: `<${i}>`,
      labelErrorRate: i / 200,
      low: 0,
      high: 1,
    }));
    const page = classTable({ ...findings, classHealth }, null)?.markup ?? "";
    expect(rows(page)).toHaveLength(31);
    expect(page).toContain("&lt;99&gt;");
    expect(page).not.toContain("&lt;69&gt;");
    expect(page).toContain("The 30 classes with the most errors, of 100.");
  });
});
