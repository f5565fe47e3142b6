import { describe, expect, it } from "vitest";
import { findings, labelRecord, pictures, plainRun } from "../../../../test/support/runs.js";
import type { ReportInput } from "../../types.js";
import { issueGallery } from "./gallery.js";

const input: ReportInput = { ...plainRun, title: "", findings };
const markup = async (more: Partial<ReportInput>) => (await issueGallery({ ...input, ...more }))?.markup ?? "";
const text = (page: string) => page.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

describe("the gallery of likely label errors", () => {
  it("shows each with its image, given label, suggested label, index and score", async () => {
    const page = await markup({ samples: pictures });
    expect(page.match(/<img src="data:image\/webp;base64,[\w+/=]+" alt="sample \d" class="pixelated">/g)).toHaveLength(
      3,
    );
    expect(text(page)).toContain("frog → dog no. 3 · 0.980 dog → cat no. 2 · 0.910 cat → frog no. 5 · 0.875");
    expect(text(page)).toContain("About 3 of 6 labels look wrong; these are the 3 most suspect.");
    expect(page).not.toMatch(/true label|label is correct/);
  });

  it("shows the true label where it is known", async () => {
    const page = text(await markup({ samples: pictures, labels: labelRecord }));
    expect(page).toContain("of these 3, 2 are wrong, and of the suggestions 1 is correct.");
    expect(page).toMatch(/no\. 3 .* wrong; true label cat .*no\. 2 .* ✓ true label cat .*no\. 5 .* ✗ label is correct/);
  });

  it("shows the forty most likely errors", async () => {
    const issues = Array.from({ length: 100 }, (_, i) => ({
      ...findings.issues[0]!,
      index: i % 6,
      score: 1 - i / 100,
    }));
    const page = await markup({ samples: pictures, findings: { ...findings, issues } });
    expect(page.match(/<img/g)).toHaveLength(40);
    expect(page).toContain("1.000");
    expect(page).not.toContain("0.600");
  });

  it("is a table for samples that are not images", async () => {
    const page = await markup({ samples: { ...pictures, shape: [192] }, labels: labelRecord });
    expect(page).not.toContain("<img");
    expect(text(page)).toContain(
      "Sample Given label Suggested Score Truth 3 frog dog 0.980 wrong; true label cat 2 dog cat",
    );
  });

  it("names the files, escaped, where samples come from files", async () => {
    const file = `frogs/<script>"1"&.png`;
    const issues = findings.issues.map((issue) => ({ ...issue, file, given: "<b>", suggested: "</li>" }));
    for (const samples of [pictures, null]) {
      const page = await markup({ samples, findings: { ...findings, issues } });
      expect(page).toContain("frogs/&lt;script&gt;&quot;1&quot;&amp;.png");
      expect(page).not.toMatch(/<script|<s><b>|→ <\/li>/);
    }
  });

  it("says so where no label looks wrong", async () => {
    const page = await markup({ findings: { ...findings, noiseRate: { ...findings.noiseRate, estimate: 0 } } });
    expect(page).toContain("None of the 6 labels is estimated to be wrong; these are the 3 most suspect.");
  });

  it("is null without findings, or without issues", async () => {
    expect(await issueGallery({ ...input, findings: null })).toBeNull();
    expect(await issueGallery({ ...input, findings: { ...findings, issues: [] } })).toBeNull();
  });
});
