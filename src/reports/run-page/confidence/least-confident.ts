// The least confident test samples: a gallery, or a table for samples that are not images.

import { basename } from "node:path";
import { confidenceText, percent } from "../../../format.js";
import { count } from "../../html/format.js";
import { type Html, html } from "../../html/html.js";
import { holdImages, type Thumbnail, thumbnail } from "../../html/thumbnail.js";
import type { ReportInput } from "../../types.js";
import { type Abstention, SCORE_NAMES } from "./abstention.js";

const MAX_SAMPLES = 24;

interface Sample {
  readonly index: number;
  readonly file: string | null;
  readonly truth: string;
  readonly prediction: string;
  readonly correct: boolean;
  readonly confidence: number;
}

/** The 24 test samples of lowest confidence, ascending; null without a test set. */
export async function leastConfident(abstention: Abstention, { test, findings }: ReportInput): Promise<Html | null> {
  if (!test) return null;
  const nameOf = (label: number) => findings?.classes[label] ?? `class ${label}`;
  const order = byConfidence(abstention);
  const least = order.slice(0, MAX_SAMPLES).map(
    (index): Sample => ({
      index,
      file: test.files?.[index] ?? null,
      truth: nameOf(test.labels[index]!),
      prediction: nameOf(abstention.predictions[index]!),
      correct: Boolean(abstention.correct[index]),
      confidence: abstention.confidences.get(abstention.score)![index]!,
    }),
  );
  const { samples } = test;
  const list = holdImages(samples)
    ? gallery(least, await Promise.all(least.map(({ index }) => thumbnail(samples, index))), abstention)
    : sampleTable(least, abstention);
  return html`<p class="lead">${introduction(least, abstention)}</p>\n${list}`;
}

function byConfidence({ score, confidences }: Abstention): number[] {
  const confidence = confidences.get(score)!;
  return [...confidence.keys()].sort((a, b) => confidence[a]! - confidence[b]!);
}

function introduction(least: readonly Sample[], abstention: Abstention): string {
  const { predictions, correct, score } = abstention;
  const total = predictions.length;
  const wrong = least.filter(({ correct }) => !correct).length;
  const all = [...predictions.keys()].filter((i) => !correct[i]).length / total;
  return (
    `${thresholdSentence(abstention)}These are the ${count(least.length)} of ${count(total)} test samples of lowest confidence by ` +
    `${SCORE_NAMES[score]}: ${percent(wrong / least.length)} of their predictions are wrong, and ${percent(all)} of all predictions.`
  );
}

function thresholdSentence({ score, confidences, correct, threshold }: Abstention): string {
  if (threshold === null) return "";
  const confidence = confidences.get(score)!;
  const below = [...confidence.keys()].filter((i) => confidence[i]! < threshold);
  const mistaken = below.filter((i) => !correct[i]).length;
  return (
    `With its calibrated threshold of ${confidenceText(threshold)} the model abstains on ${count(below.length)} of the test samples; ` +
    `${count(mistaken)} of these predictions are wrong. `
  );
}

const isAbstained = ({ confidence }: Sample, { threshold }: Abstention) => threshold !== null && confidence < threshold;

function gallery(least: readonly Sample[], thumbnails: readonly Thumbnail[], abstention: Abstention): Html {
  return html`<ul class="gallery">\n${least.map((sample, i) => entry(sample, thumbnails[i]!, abstention))}</ul>\n`;
}

function entry(sample: Sample, { uri, pixelated }: Thumbnail, abstention: Abstention): Html {
  const { index, file, truth, prediction, correct, confidence } = sample;
  const name = file ?? `test sample ${index}`;
  const decision = abstention.threshold === null ? null : isAbstained(sample, abstention) ? "abstained" : "accepted";
  return html`<li title="${name}: ${prediction}, label ${truth}"><img src="${uri}" alt="${name}"${pixelated ? html` class="pixelated"` : null}>
<p><b>${prediction}</b></p>
<p class="note">${verdict(correct, truth)}</p>
<p class="note">no. ${index} \u00b7 ${confidenceText(confidence)}${decision === null ? null : ` \u00b7 ${decision}`}</p>${file === null ? null : html`<p class="note file">${basename(file)}</p>`}</li>
`;
}

const verdict = (right: boolean, truth: string) =>
  right ? html`<span class="found">\u2713 correct</span>` : html`<span class="missed">\u2717 label ${truth}</span>`;

function sampleTable(least: readonly Sample[], abstention: Abstention): Html {
  const files = least.some(({ file }) => file !== null);
  const hasThreshold = abstention.threshold !== null;
  const head = [
    "Sample",
    ...(files ? ["File"] : []),
    "Prediction",
    "Label",
    "Confidence",
    ...(hasThreshold ? ["Decision"] : []),
  ];
  const row = (sample: Sample) =>
    html`<tr><th scope="row">${sample.index}</th>${files ? html`<td class="file">${sample.file}</td>` : null}<td>${sample.prediction}</td><td>${verdict(sample.correct, sample.truth)}</td><td>${confidenceText(sample.confidence)}</td>${hasThreshold ? html`<td>${isAbstained(sample, abstention) ? "abstained" : "accepted"}</td>` : null}</tr>\n`;
  return html`<div class="table"><table class="label-issues">
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${least.map(row)}</tbody>
</table></div>
`;
}
