// @ts-check
// The measured part of a page of the docs: everything between <!-- results STUDY PROFILE [PART] --> and <!-- end -->.

const BLOCK = /<!-- results (\S+) (\S+)(?: (\S+))? -->\n[\s\S]*?<!-- end -->/g;

/**
 * @typedef {{ study: string, profile: string, part: string | null }} Block
 * @typedef {{ markdown: string[], figure: string | null, title: string }} Content its figure is a path relative to docs/
 */

/**
 * The blocks that a page has.
 * @param {string} page
 * @returns {Block[]}
 */
export const blocksOf = (page) =>
  [...page.matchAll(BLOCK)].map(([, study = "", profile = "", part = null]) => ({ study, profile, part }));

/**
 * The page with every block filled.
 * @param {string} page
 * @param {(block: Block) => Content} contentOf
 */
export function withResults(page, contentOf) {
  return page.replace(BLOCK, (_, study, profile, part = null) => {
    const { markdown, figure, title } = contentOf({ study, profile, part });
    const drawing = figure === null ? [] : ["", `![${title}](${figure})`];
    const name = part === null ? "" : ` ${part}`;
    return [`<!-- results ${study} ${profile}${name} -->`, "", ...markdown, ...drawing, "", "<!-- end -->"].join("\n");
  });
}
