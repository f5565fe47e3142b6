// report.html of one run.
import { sharedFacts } from "./facts.js";
import { plotGrid } from "./figure.js";
import { bestTestEpoch, finalFigure, labelNoise, movedTargets } from "./figures.js";
import { count, duration, percent } from "./format.js";
import { html } from "./html.js";
import { page, section, type Tile, tiles } from "./page.js";
import { runPlots } from "./plots.js";
import { runStory } from "./story.js";
import { epochTable, recipeTable } from "./tables.js";
import type { ReportInput, RunRecord } from "./types.js";

/**
 * The self-contained page of a run: what happened in words, headline figures, curves, the recipe and the last epochs.
 *
 * Works from whatever is known: figures, curves and columns of which the run has nothing are left out.
 */
export async function renderReport(input: ReportInput): Promise<string> {
  const { title, recipe } = input;
  const story = runStory(input);
  const body = html`${story === "" ? null : html`<p class="story">${story}</p>\n`}
${tiles(headlines(input))}
${section("Over the epochs", await plotGrid(runPlots(input)))}
${section("The last epochs", epochTable(input))}
${section("Recipe", recipeTable([{ name: title, recipe }]))}`;
  return page({ title, facts: sharedFacts([input]), body });
}

function headlines(run: RunRecord): Tile[] {
  const { summary } = run;
  return [
    testTile(run),
    share("Wrong labels memorised", finalFigure(run, "wrongLabelsMemorised"), "lower is better"),
    share(
      "True labels recovered",
      finalFigure(run, "recoveredLabels"),
      movedTargets(run) === null ? "the targets did not move" : "higher is better",
    ),
    share("Label noise", labelNoise(run), `of ${count(summary.trainSize)} labels`),
    { name: "Time", value: duration(summary.seconds), note: `${count(summary.imagesPerSecond)} images/s` },
  ].filter((tile) => tile !== null);
}

function testTile(run: RunRecord): Tile {
  const accuracy = finalFigure(run, "testAccuracy");
  if (accuracy === null) return validationTile(run);
  const { testAccuracyAtBest } = run.summary;
  const best = bestTestEpoch(run.metrics);
  const note =
    testAccuracyAtBest !== null
      ? `${percent(testAccuracyAtBest)} at the best epoch`
      : best && `highest ${percent(best.testAccuracy)}, epoch ${best.epoch}`;
  return { name: "Test accuracy", value: percent(accuracy), note: note ?? "" };
}

function validationTile({ metrics }: RunRecord): Tile {
  const accuracy = metrics.findLast(({ validationAccuracy }) => validationAccuracy != null)?.validationAccuracy;
  return accuracy == null
    ? { name: "Test accuracy", value: "\u2013", note: "no test set" }
    : { name: "Validation accuracy", value: percent(accuracy), note: "labels given; no test set" };
}

function share(name: string, value: number | null, note: string): Tile | null {
  return value === null ? null : { name, value: percent(value), note };
}
