// The test samples that the network is least sure of: pictures, or a table where there is nothing to see.

import { basename } from "node:path";
import { percent } from "../../../format.js";
import { count } from "../../html/format.js";
import { type Html, html } from "../../html/html.js";
import { holdPictures, type Thumbnail, thumbnail } from "../../html/thumbnail.js";
import type { ReportInput } from "../../types.js";
import { type Declining, SCORE_NAMES } from "./test-confidence.js";

const MOST = 24;

interface Sample {
  readonly index: number;
  readonly file: string | null;
  readonly truth: string;
  readonly answer: string;
  readonly right: boolean;
  readonly confidence: number;
}

/** The 24 test samples of the lowest confidence, the least sure first; null where nothing is known of any. */
export async function declined(declining: Declining, { test, findings }: ReportInput): Promise<Html | null> {
  if (!test) return null;
  const nameOf = (label: number) => findings?.classes[label] ?? `class ${label}`;
  const order = leastSure(declining);
  const least = order.slice(0, MOST).map(
    (index): Sample => ({
      index,
      file: test.files?.[index] ?? null,
      truth: nameOf(test.labels[index]!),
      answer: nameOf(declining.answers[index]!),
      right: Boolean(declining.correct[index]),
      confidence: declining.confidences.get(declining.own)![index]!,
    }),
  );
  const { samples } = test;
  const list = holdPictures(samples)
    ? gallery(least, await Promise.all(least.map(({ index }) => thumbnail(samples, index))), declining)
    : sampleTable(least, declining);
  return html`<p class="lead">${introduction(least, declining)}</p>\n${list}`;
}

function leastSure({ own, confidences }: Declining): number[] {
  const confidence = confidences.get(own)!;
  return [...confidence.keys()].sort((a, b) => confidence[a]! - confidence[b]!);
}

function introduction(least: readonly Sample[], declining: Declining): string {
  const { answers, correct, own } = declining;
  const total = answers.length;
  const wrong = least.filter(({ right }) => !right).length;
  const all = [...answers.keys()].filter((i) => !correct[i]).length / total;
  return (
    `${thresholdSentence(declining)}These are the ${count(least.length)} of ${count(total)} test samples that it is least sure of, by ` +
    `${SCORE_NAMES[own]}: ${percent(wrong / least.length)} of their answers are wrong, of all answers ${percent(all)}.`
  );
}

function thresholdSentence({ own, confidences, correct, threshold }: Declining): string {
  if (threshold === null) return "";
  const confidence = confidences.get(own)!;
  const below = [...confidence.keys()].filter((i) => confidence[i]! < threshold);
  const spared = below.filter((i) => !correct[i]).length;
  return (
    `Calibrated to answer from a confidence of ${sure(threshold)} on, it declines ${count(below.length)} of the test set, ` +
    `${count(spared)} of which it would have answered wrongly. `
  );
}

/** Confidences near 1 differ in their last digits, scores that are no probability in their first. */
const sure = (confidence: number) => String(Number(confidence.toPrecision(3)));

const isDeclined = ({ confidence }: Sample, { threshold }: Declining) => threshold !== null && confidence < threshold;

function gallery(least: readonly Sample[], pictures: readonly Thumbnail[], declining: Declining): Html {
  return html`<ul class="gallery">\n${least.map((sample, i) => entry(sample, pictures[i]!, declining))}</ul>\n`;
}

function entry(sample: Sample, { uri, pixelated }: Thumbnail, declining: Declining): Html {
  const { index, file, truth, answer, right, confidence } = sample;
  const name = file ?? `test sample ${index}`;
  const fate = declining.threshold === null ? null : isDeclined(sample, declining) ? "declined" : "answered";
  return html`<li title="${name}: ${answer}, truly ${truth}"><img src="${uri}" alt="${name}"${pixelated ? html` class="pixelated"` : null}>
<p><b>${answer}</b></p>
<p class="note">${verdict(right, truth)}</p>
<p class="note">no. ${index} \u00b7 ${sure(confidence)}${fate === null ? null : ` \u00b7 ${fate}`}</p>${file === null ? null : html`<p class="note file">${basename(file)}</p>`}</li>
`;
}

const verdict = (right: boolean, truth: string) =>
  right ? html`<span class="found">\u2713 right</span>` : html`<span class="missed">\u2717 truly ${truth}</span>`;

function sampleTable(least: readonly Sample[], declining: Declining): Html {
  const files = least.some(({ file }) => file !== null);
  const fates = declining.threshold !== null;
  const head = ["Sample", ...(files ? ["File"] : []), "Answer", "Truth", "Confidence", ...(fates ? ["Fate"] : [])];
  const row = (sample: Sample) =>
    html`<tr><th scope="row">${sample.index}</th>${files ? html`<td class="file">${sample.file}</td>` : null}<td>${sample.answer}</td><td>${verdict(sample.right, sample.truth)}</td><td>${sure(sample.confidence)}</td>${fates ? html`<td>${isDeclined(sample, declining) ? "declined" : "answered"}</td>` : null}</tr>\n`;
  return html`<div class="table"><table class="suspects">
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${least.map(row)}</tbody>
</table></div>
`;
}
