// The measured blocks of the docs.
import { describe, expect, it } from "vitest";
import { blocksOf, withResults } from "../scripts/results/blocks.mjs";

const page = `# Results

<!-- results label-noise cpu shapes -->
old
<!-- end -->

Text.

<!-- summary linear cpu -->

<!-- end -->
`;

describe("the measured blocks of a page", () => {
  it("name a study, its profile and a part", () => {
    expect(blocksOf(page)).toEqual([
      { shows: "results", study: "label-noise", profile: "cpu", part: "shapes" },
      { shows: "summary", study: "linear", profile: "cpu", part: null },
    ]);
  });

  it("are replaced by tables and drawings, and the text around them stays", () => {
    const filled = withResults(page, ({ shows, study, part }) => ({
      markdown: [`### ${shows} of ${study}`, "", "| 1 |"],
      figure: part === null ? null : "figures/a.svg",
      title: "A figure",
    }));
    expect(filled).toBe(`# Results

<!-- results label-noise cpu shapes -->

### results of label-noise

| 1 |

![A figure](figures/a.svg)

<!-- end -->

Text.

<!-- summary linear cpu -->

### summary of linear

| 1 |

<!-- end -->
`);
    expect(blocksOf(filled)).toEqual(blocksOf(page));
  });
});
