// The page that sets runs side by side: one plot a quantity, a curve for each run.
import { comparisonPlots } from "./comparison-plots.js";
import { comparisonFigures } from "./comparison-table.js";
import { curvesDrawing } from "./curves.js";
import { sharedFacts } from "./facts.js";
import { figureGrid } from "./figure.js";
import { html } from "./html.js";
import { page, section } from "./page.js";
import { comparisonStory } from "./story.js";
import { recipeTable } from "./tables.js";
import type { ComparisonInput } from "./types.js";

/** The self-contained page of several runs; the first is the one that the others are measured against. */
export async function renderComparison({ title, runs }: ComparisonInput): Promise<string> {
  const story = comparisonStory(runs);
  const body = html`${story === "" ? null : html`<p class="story">${story}</p>\n`}
${section("Side by side", comparisonFigures(runs))}
${section("Over the epochs", await figureGrid(comparisonPlots({ runs }).map(curvesDrawing)))}
${section("Recipes", recipeTable(runs))}`;
  return page({ title, facts: sharedFacts(runs), body });
}
