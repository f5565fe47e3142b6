// The lines that a run prints: at its start, at its end, and in a dry run.

import { join } from "node:path";
import type { DataSummary } from "../../../data/index.js";
import { counted, duration, percent, radiusText, roughDuration } from "../../../format.js";
import { type Findings, rateText, unknownReason } from "../../../issues/index.js";
import { methodNamed, nativeScore, optionsOf } from "../../../methods/index.js";
import { hasOption } from "../../../models/index.js";
import type { Progress, RunRecipe, RunSummary } from "../../../runs/index.js";
import type { Recipe } from "../../../runs/recipe/schema.js";
import type { DryRun, FoundRate } from "../../../training/index.js";
import { partRows } from "../../shared/data-lines.js";
import { alignedRows } from "../../shared/output.js";
import { quoted } from "../../shared/quoted.js";

type Row = [string, string];

const known = (value: number | null | undefined): value is number => typeof value === "number";

function classList(classes: readonly string[]): string {
  const listed = classes.length > 6 ? [...classes.slice(0, 5), "..."] : classes;
  return `${classes.length} classes (${listed.join(", ")})`;
}

/** The data, network, method and folder of a run that starts. */
export function openingLines(
  run: string,
  { recipe, resolved }: RunRecipe,
  kernels: string,
  data: DataSummary,
): string[] {
  const { objective, epochs, batchSize, precision } = recipe;
  const attack = attackText(recipe);
  const shape = resolved.sampleShape.join(" x ");
  return alignedRows([
    ["data", `${resolved.format}: ${resolved.trainSize} training samples of ${shape}, ${classList(resolved.classes)}`],
    ...dataRows(data),
    ["network", `${networkText(recipe)}, in ${precision} by ${kernels} kernels`],
    ["training", `${methodNamed(objective).title}; ${counted(epochs, "epoch")}, batches of ${batchSize}`],
    ...(attack === null ? [] : [["attack", attack] satisfies Row]),
    ["run", run],
  ]);
}

/** The parts of the data. */
const dataRows = (data: DataSummary): Row[] => partRows(data).map(([name, text]) => [`  ${name}`, text]);

/** The attack of an adversarial method, and when its targets start to move. */
function attackText(recipe: Recipe): string | null {
  const method = methodNamed(recipe.objective);
  const options = optionsOf(method, recipe);
  const attack = method.attack?.(options);
  if (attack === undefined) return null;
  const { epsilon, steps, stepSize } = attack;
  const start = method.start?.(options);
  const targets = start === null || start === undefined ? "" : `; ${start.event} in epoch ${start.epoch}`;
  return `${steps} steps of ${stepSize} within ${radiusText({ norm: "inf", epsilon })} of every pixel${targets}`;
}

function issuesText(run: string, { noiseRate, evaluated }: Findings): string {
  const reason = unknownReason(noiseRate);
  const rate = `${rateText(noiseRate)} of ${evaluated}${reason === null ? "" : `: ${reason}`}`;
  return `${rate}; selfadapt issues ${quoted(run)} ${reason === null ? "lists" : "ranks"} them`;
}

/** Error at coverage of a network that was trained to abstain. */
function selectiveRows({ objective, scores }: RunSummary): Row[] {
  const score = nativeScore(objective);
  const errors = score === "softmax-response" ? undefined : scores?.[score]?.errorAtCoverage;
  if (errors === undefined) return [];
  const text = [100, 90, 80, 70].map((coverage) => `${percent(errors[coverage], 2)} (${coverage}%)`);
  return [["error at coverage", text.join("  ")]];
}

/** Accuracy and spread of the features of a network that was trained without labels. */
function representationRows({ knnAccuracy, linearAccuracy, ...health }: RunSummary): Row[] {
  const { embeddingDeviation, evenDeviation, effectiveRank } = health;
  const rows: Row[] = [];
  if (known(linearAccuracy))
    rows.push(["linear accuracy", `${percent(linearAccuracy, 2)} (logistic regression on the features)`]);
  if (known(knnAccuracy)) rows.push(["nearest neighbors", `${percent(knnAccuracy, 2)} (200, weighted)`]);
  if (known(embeddingDeviation) && known(evenDeviation) && known(effectiveRank)) {
    const deviation = `deviation ${embeddingDeviation.toFixed(4)} of ${evenDeviation.toFixed(4)}`;
    rows.push(["embedding", `${deviation}, effective rank ${effectiveRank.toFixed(1)}`]);
  }
  return rows;
}

/** The final results, and the paths of run and report. */
export function closingLines(
  summary: RunSummary,
  { best }: Progress,
  run: string,
  findings: Findings | null,
): string[] {
  const { testAccuracy, testAccuracyAtBest, labelNoise, recoveredLabels, wrongLabelsMemorized } = summary;
  const { noisyTrainAccuracy, cleanTrainAccuracy } = summary;
  const rows: Row[] = [];
  if (known(testAccuracy)) rows.push(["test accuracy", percent(testAccuracy, 2)]);
  if (known(summary.robustAccuracy)) rows.push(["  under PGD-20", percent(summary.robustAccuracy, 2)]);
  rows.push(...selectiveRows(summary));
  if (best !== null)
    rows.push(["best validation accuracy", `${percent(best.validationAccuracy, 2)} in epoch ${best.epoch}`]);
  if (known(testAccuracyAtBest)) rows.push(["  test accuracy in that epoch", percent(testAccuracyAtBest, 2)]);
  if (known(noisyTrainAccuracy)) rows.push(["training accuracy", percent(noisyTrainAccuracy, 2)]);
  if (known(cleanTrainAccuracy)) rows.push(["  by the true labels", percent(cleanTrainAccuracy, 2)]);
  if (known(labelNoise)) rows.push(["wrong labels", percent(labelNoise, 2)]);
  if (known(wrongLabelsMemorized)) rows.push(["  memorized", percent(wrongLabelsMemorized, 2)]);
  if (known(recoveredLabels)) rows.push(["correct labels in the targets", percent(recoveredLabels, 2)]);
  rows.push(...representationRows(summary));
  rows.push(["training time", `${duration(summary.seconds)}, ${summary.imagesPerSecond.toFixed(0)} images/s`]);
  if (findings !== null) rows.push(["likely label errors", issuesText(run, findings)]);
  rows.push(["run", run], ["report", join(run, "report.html")]);
  return alignedRows(rows);
}

function layerLines({ layers }: DryRun["model"]): string[] {
  const rows = layers.map(({ name, operator, shape, parameters, flops }) => [
    `  ${name === "" ? `(${operator})` : name}`,
    shape.join(" x "),
    parameters === 0 ? "" : `${parameters} parameters`,
    flops === 0 ? "" : `${(flops / 1e6).toFixed(2)} MFLOP`,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(([name = "", shape = "", parameters = "", flops = ""]) =>
    [
      name.padEnd(widths[0] ?? 0),
      shape.padEnd(widths[1] ?? 0),
      parameters.padStart(widths[2] ?? 0),
      flops.padStart(widths[3] ?? 0),
    ]
      .join("  ")
      .trimEnd(),
  );
}

const networkText = ({ model = "", width }: Pick<Recipe, "model" | "width">) =>
  hasOption(model, "width") ? `${model}, width ${width}` : model;

/** Data, network and cost. */
export function dryRunLines({ data, model, recipe, ...plan }: DryRun): string[] {
  const test = data.test === null ? "no test set" : `${data.test} test samples`;
  const held = data.validation > 0 ? `, ${data.validation} held out for validation` : "";
  const cost = `${model.parameters} parameters, ${(model.flops / 1e6).toFixed(0)} MFLOP per sample (forward)`;
  return [
    ...alignedRows([
      ["data", `${data.format}: ${data.train} training samples of ${data.shape.join(" x ")}${held}, ${test}`],
      ["classes", classList(data.classes)],
      ...dataRows(data.summary),
      ["labels changed by noise", String(data.noisy)],
      ["images replaced by noise", String(data.corruptedImages)],
      ["network", `${networkText(recipe)}: ${cost}`],
      ["method", `${methodNamed(recipe.objective).title}, batches of ${recipe.batchSize}, learning rate ${recipe.lr}`],
      [
        "expected time",
        `${roughDuration(plan.expectedSeconds)} for ${recipe.epochs} epochs on ${plan.device} in ${plan.precision} by ${plan.kernels} kernels, without evaluation`,
      ],
    ]),
    "",
    ...layerLines(model),
    "",
    "dry run: nothing was written",
  ];
}

/** What a range test found. */
export function learningRateLines({ suggested, lowest, points }: FoundRate, plot: string | null): string[] {
  const short = (rate: number) => String(Number(rate.toPrecision(2)));
  return alignedRows([
    [
      "suggested",
      suggested === null ? "none: the loss does not fall" : `--lr ${short(suggested)}, where the loss falls fastest`,
    ],
    [
      "lowest loss",
      lowest === points.at(-1)?.lr ? `at ${short(lowest)}, the last rate` : `at ${short(lowest)}, above which it rises`,
    ],
    ["rates", `${short(points[0]?.lr ?? 0)} to ${short(points.at(-1)?.lr ?? 0)} in ${points.length} steps`],
    ...(plot === null ? [] : [["plot", plot] satisfies Row]),
  ]);
}
