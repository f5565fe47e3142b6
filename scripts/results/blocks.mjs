// @ts-check
// The measured part of a page of the docs: everything between <!-- results STUDY PROFILE [PART] --> and <!-- end -->, all
// tables of a study; or between <!-- summary STUDY PROFILE [PART] --> and <!-- end -->, the table that a reader needs first.

const BLOCK = /<!-- (results|summary) (\S+) (\S+)(?: (\S+))? -->\n[\s\S]*?<!-- end -->/g;

/**
 * @typedef {{ shows: "results" | "summary", study: string, profile: string, part: string | null }} Block
 * @typedef {{ markdown: string[], figure: string | null, title: string }} Content its figure is a path relative to docs/
 */

/**
 * The blocks that a page has.
 * @param {string} page
 * @returns {Block[]}
 */
export const blocksOf = (page) => [...page.matchAll(BLOCK)].map(([, ...words]) => blockOf(words));

/**
 * The page with every block filled.
 * @param {string} page
 * @param {(block: Block) => Content} contentOf
 */
export function withResults(page, contentOf) {
  return page.replace(BLOCK, (_, ...words) => {
    const block = blockOf(words);
    const { markdown, figure, title } = contentOf(block);
    const drawing = figure === null ? [] : ["", `![${title}](${figure})`];
    const start = [block.shows, block.study, block.profile, ...(block.part === null ? [] : [block.part])].join(" ");
    return [`<!-- ${start} -->`, "", ...markdown, ...drawing, "", "<!-- end -->"].join("\n");
  });
}

/** @param {unknown[]} words @returns {Block} */
const blockOf = ([shows, study, profile, part]) => ({
  shows: shows === "summary" ? "summary" : "results",
  study: String(study),
  profile: String(profile),
  part: part === undefined ? null : String(part),
});
