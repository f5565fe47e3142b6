// Settings and results of `attack` as text.

import { findAttack } from "../../../attacks/index.js";
import type { AttackResult, AttackSettings } from "../../../evaluation/index.js";
import { counted, duration, percent, radiusText } from "../../../format.js";
import { alignedRows, table } from "../../shared/output.js";

const lossNames: Readonly<Record<string, string>> = { ce: "cross entropy", margin: "margin loss" };

const radius = (ball: Pick<AttackSettings, "norm" | "epsilon">) =>
  `${radiusText(ball)}${ball.norm === "inf" ? " in the infinity norm" : ""}`;

/** An attack and its settings. */
function attackText({ attack, steps, stepSize, restarts, loss }: AttackSettings): string {
  const parts = [
    steps === null ? "" : `${steps} ${findAttack(attack)?.access === "logits" ? "queries" : "steps"}`,
    stepSize === null ? "" : `of ${Number(stepSize.toPrecision(5))}`,
  ].filter(Boolean);
  const more = [
    parts.join(" "),
    restarts === null ? "" : counted(restarts, "restart"),
    loss === null ? "" : (lossNames[loss] ?? loss),
  ].filter(Boolean);
  return more.length === 0 ? attack : `${attack}: ${more.join(", ")}`;
}

const interval = ([low, high]: readonly [number, number]) => ` (${percent(low, 2)} to ${percent(high, 2)})`;

/** An attack about to start. */
export function beginText(settings: AttackSettings): string {
  const { checkpoint } = settings;
  const epoch = typeof checkpoint === "number" ? `epoch ${checkpoint}: ` : "";
  return `${epoch}${attackText(settings)}; epsilon ${radius(settings)}`;
}

/** The results, with a table of the attacks if there are several. */
export function attackLines(result: AttackResult, folder: string): string[] {
  const { naturalAccuracy, robustAccuracy, intervals, attacks, samples, checkpoint, epoch } = result;
  return [
    ...alignedRows([
      ["data", `${result.data}, ${samples} ${result.limit === null ? "" : "sampled "}images`],
      ["network", `${checkpoint} checkpoint, after epoch ${epoch}`],
      ["attack", attackText(result)],
      ["epsilon", radius(result)],
      ["natural accuracy", percent(naturalAccuracy, 2) + interval(intervals.naturalAccuracy)],
      ["robust accuracy", percent(robustAccuracy, 2) + interval(intervals.robustAccuracy)],
      ["time", duration(result.seconds)],
      ["results", folder],
    ]),
    ...(attacks.length < 2 ? [] : ["", ...attackRows(result)]),
  ];
}

function attackRows({ attacks }: AttackResult): string[] {
  const rows = attacks.map(({ name, tried, fooled, robustAccuracy, seconds }) => [
    name,
    String(tried),
    String(fooled),
    percent(robustAccuracy, 2),
    duration(seconds),
  ]);
  return table(["attack", "tried on", "fooled", "robust accuracy", "time"], rows);
}

/** A table with a row for each epoch or radius. */
export function seriesLines(results: readonly AttackResult[], folder: string): string[] {
  const [first] = results;
  if (first === undefined) return [];
  const byRadius = new Set(results.map(({ epsilon }) => epsilon)).size > 1;
  const rows = results.map((result) => [
    byRadius ? radius(result) : String(result.epoch),
    percent(result.naturalAccuracy, 2),
    percent(result.robustAccuracy, 2),
    `${percent(result.intervals.robustAccuracy[0], 2)} to ${percent(result.intervals.robustAccuracy[1], 2)}`,
    duration(result.seconds),
  ]);
  return [
    ...alignedRows([
      ["data", `${first.data}, ${first.samples} ${first.limit === null ? "" : "sampled "}images`],
      ["attack", attackText(byRadius ? { ...first, stepSize: null } : first)],
      ...(byRadius ? [] : ([["epsilon", radius(first)]] as const)),
      ["results", folder],
    ]),
    "",
    ...table([byRadius ? "epsilon" : "epoch", "natural", "robust", "95% interval", "time"], rows),
  ];
}
