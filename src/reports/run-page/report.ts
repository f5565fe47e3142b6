// The page of one run, `report.html`.

import { duration, percent } from "../../format.js";
import { reliabilityOf } from "../../issues/labels/health.js";
import { curvesDrawing } from "../charts/curves.js";
import { type Drawing, figureGrid } from "../html/figure.js";
import { count } from "../html/format.js";
import { type Html, html } from "../html/html.js";
import { page, section, type Tile, tiles } from "../html/page.js";
import { issueSections } from "../issue-page/issue-sections.js";
import type { ReportInput, RunRecord } from "../types.js";
import { robustness } from "./attacks/robustness.js";
import { type Abstention, abstentionOf } from "./confidence/abstention.js";
import { leastConfident } from "./confidence/least-confident.js";
import { reliabilityDrawing } from "./confidence/reliability.js";
import { riskCoverageDrawing } from "./confidence/risk-coverage.js";
import { scoreFigure } from "./confidence/score-table.js";
import { embeddingMap } from "./embedding-map.js";
import { runPlots } from "./epoch-plots.js";
import { bestTestEpoch, finalFigure, labelNoise, movedTargets } from "./headline-figures.js";
import { classTable } from "./labels/class-table.js";
import { driftGroups, driftHistogram } from "./labels/drift-histogram.js";
import { findingTile } from "./labels/finding-tile.js";
import { issueGallery } from "./labels/gallery.js";
import { matrixDrawings } from "./labels/matrices.js";
import { pairFigure } from "./labels/pair-table.js";
import { describeRun } from "./run-description.js";
import { sharedSettings } from "./subtitle.js";
import { epochTable, recipeTable } from "./tables.js";

/**
 * The self-contained page of a run: a description, headline figures, likely label errors, confusion between classes, curves,
 * targets, error at coverage, robustness, the last epochs and the recipe.
 *
 * Figures, curves and columns without data are left out.
 */
export async function renderReport(input: ReportInput): Promise<string> {
  const { title, recipe } = input;
  const abstention = abstentionOf(input);
  const description = describeRun(input);
  const body = html`${description === "" ? null : html`<p class="description">${description}</p>\n`}
${tiles(headlines(input))}
${section("Likely label errors", await issueGallery(input))}
${await otherIssues(input)}
${section("Confusion between classes", await classes(input))}
${section("Training curves", await figureGrid(runPlots(input).map(curvesDrawing)))}
${section("Embedding", input.embedding ? await embeddingMap(input.embedding) : null)}
${section("Targets and confidence after training", await figureGrid(outcomes(input)))}
${section("Selective prediction", abstention && (await coverage(abstention, input)))}
${section("Least confident predictions", abstention && (await leastConfident(abstention, input)))}
${section("Adversarial robustness", await robustness(input.attacks))}
${section("Last epochs", epochTable(input))}
${section("Recipe", recipeTable([{ name: title, recipe }]))}`;
  return page({ title, facts: sharedSettings([input]), body });
}

/** Every other kind of issue that was searched for. */
async function otherIssues({ findings, parts }: ReportInput): Promise<Html | null> {
  return findings ? issueSections(findings, parts ?? new Map()) : null;
}

async function classes({ findings, labels = null }: ReportInput): Promise<Html | null> {
  if (!findings) return null;
  const matrices = matrixDrawings(findings, labels);
  const pairs = matrices.length === 1 ? pairFigure(findings) : null;
  return html`${await figureGrid(matrices, pairs ? [pairs] : [])}${classTable(findings, labels)}`;
}

/** Targets and confidence after training. */
function outcomes({ findings, labels, summary, test, calibration }: ReportInput): Drawing[] {
  const temperature = calibration?.temperature ?? 1;
  const reliability = temperature !== 1 && test ? reliabilityOf(test, temperature) : findings?.reliability;
  return [
    labels ? driftHistogram(driftGroups(labels, summary.classes)) : null,
    reliability ? reliabilityDrawing(reliability, temperature) : null,
  ].filter((drawing) => drawing !== null);
}

/** Risk-coverage curve by every score. */
function coverage(abstention: Abstention, { summary }: ReportInput): Promise<Html | null> {
  const dropout = summary.scores?.["mc-dropout"];
  return figureGrid([riskCoverageDrawing(abstention, dropout)], [scoreFigure(abstention, dropout)]);
}

function headlines(run: ReportInput): Tile[] {
  const { summary, findings } = run;
  const noise = labelNoise(run);
  return [
    findings ? findingTile(findings, noise) : null,
    testTile(run),
    percentTile("Linear classifier", finalFigure(run, "linearAccuracy"), "on the same features"),
    percentTile("Wrong labels memorized", finalFigure(run, "wrongLabelsMemorized"), "lower is better"),
    percentTile(
      "True labels recovered",
      finalFigure(run, "recoveredLabels"),
      movedTargets(run) === null ? "the targets did not move" : "higher is better",
    ),
    findings ? null : percentTile("Label noise", noise, `of ${count(summary.trainSize)} labels`),
    { name: "Training time", value: duration(summary.seconds), note: `${count(summary.imagesPerSecond)} images/s` },
  ].filter((tile) => tile !== null);
}

function testTile(run: RunRecord): Tile | null {
  const neighbors = finalFigure(run, "knnAccuracy");
  if (neighbors !== null) return percentTile("Nearest neighbors", neighbors, "on features trained without labels");
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

function percentTile(name: string, value: number | null, note: string): Tile | null {
  return value === null ? null : { name, value: percent(value), note };
}
