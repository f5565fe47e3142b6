// The walks of docs/how-it-works.md name files that exist, and as many as they say.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const page = readFileSync("docs/how-it-works.md", "utf8");
const sections = page.split(/^### /m).filter((section) => /^One (batch|image), from /.test(section));

/** The most files that one must read to follow a walk. */
const most = 25;

describe("a walk through the code", () => {
  it("is written down for a batch and for an image", () => expect(sections).toHaveLength(2));

  it.each(sections)("%#: counts its files, which exist", (section) => {
    const files = [...section.matchAll(/^\| `(src\/[^`]+)`/gm)].map(([, file]) => file as string);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(new Set(files).size).toBe(files.length);
    expect(section).toContain(` ${files.length} files`);
    expect(files.length).toBeLessThanOrEqual(most);
  });
});
