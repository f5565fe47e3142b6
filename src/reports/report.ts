// report.html of one run.
import { classTable } from "./class-table.js";
import { curvesDrawing } from "./curves.js";
import { sharedFacts } from "./facts.js";
import { type Drawing, figureGrid } from "./figure.js";
import { bestTestEpoch, finalFigure, labelNoise, movedTargets } from "./figures.js";
import { count, duration, percent } from "./format.js";
import { suspects } from "./gallery.js";
import { type Html, html } from "./html.js";
import { matrixDrawings } from "./matrices.js";
import { page, section, type Tile, tiles } from "./page.js";
import { runPlots } from "./plots.js";
import { reliabilityDrawing } from "./reliability.js";
import { runStory } from "./story.js";
import { epochTable, recipeTable } from "./tables.js";
import { driftGroups, driftHistogram, driftPlot } from "./target-plots.js";
import type { ReportInput, RunRecord } from "./types.js";

/**
 * The self-contained page of a run: what happened in words, headline figures, the labels that look wrong, how classes and
 * targets stand, curves, the recipe and the last epochs.
 *
 * Works from whatever is known: figures, curves and columns of which the run has nothing are left out.
 */
export async function renderReport(input: ReportInput): Promise<string> {
  const { title, recipe } = input;
  const story = runStory(input);
  const body = html`${story === "" ? null : html`<p class="story">${story}</p>\n`}
${tiles(headlines(input))}
${section("Labels that look wrong", await suspects(input))}
${section("Which classes are confused", await classes(input))}
${section("Over the epochs", await figureGrid(runPlots(input).map(curvesDrawing)))}
${section("Targets and confidence", await figureGrid(outcomes(input)))}
${section("The last epochs", epochTable(input))}
${section("Recipe", recipeTable([{ name: title, recipe }]))}`;
  return page({ title, facts: sharedFacts([input]), body });
}

async function classes({ findings, labels = null }: ReportInput): Promise<Html | null> {
  if (!findings) return null;
  const matrices = await figureGrid(matrixDrawings(findings, labels));
  return html`${matrices}${classTable(findings, labels)}`;
}

/** Where targets and confidence ended up. */
function outcomes(input: ReportInput): Drawing[] {
  const { findings, labels, summary } = input;
  const drift = driftPlot(input);
  return [
    drift && curvesDrawing(drift),
    labels ? driftHistogram(driftGroups(labels, summary.classes)) : null,
    findings?.reliability ? reliabilityDrawing(findings.reliability) : null,
  ].filter((drawing) => drawing !== null);
}

function headlines(run: ReportInput): Tile[] {
  const { summary, findings } = run;
  return [
    findings
      ? share("Labels that look wrong", findings.errorShare, `of ${count(findings.judged)} labels judged`)
      : null,
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
