// The most likely label errors: a gallery, or a table for samples that are not images.
import { basename } from "node:path";
import type { Findings, LabelIssue } from "../../../issues/findings.js";
import { unknownReason } from "../../../issues/labels/rate/noise-rate.js";
import { count } from "../../html/format.js";
import { type Html, html } from "../../html/html.js";
import { holdImages, type Thumbnail, thumbnail } from "../../html/thumbnail.js";
import type { ReportInput } from "../../types.js";

const MAX_ISSUES = 40;

/** A label issue with the name of the true class; null if it is unknown. */
interface KnownIssue extends LabelIssue {
  readonly truth: string | null;
}

/** The 40 most likely label errors, the most likely first; null without findings or issues. */
export async function issueGallery({
  findings,
  samples,
  labels,
}: Pick<ReportInput, "findings" | "samples" | "labels">): Promise<Html | null> {
  if (!findings || findings.issues.length === 0) return null;
  const clean = labels?.clean ?? null;
  const worst = findings.issues
    .slice(0, MAX_ISSUES)
    .map((issue): KnownIssue => ({ ...issue, truth: clean && (findings.classes[clean[issue.index]!] ?? null) }));
  const list =
    samples && holdImages(samples)
      ? gallery(worst, await Promise.all(worst.map(({ index }) => thumbnail(samples, index))))
      : issueTable(worst);
  return html`<p class="lead">${introduction(worst, findings)}</p>\n${list}`;
}

function introduction(worst: readonly KnownIssue[], findings: Findings): string {
  const these = `these are the ${worst.length} most suspect.`;
  return `${countText(findings)}; ${these} ${outcome(worst)}The command selfadapt issues lists all of them.`;
}

function countText({ noiseRate, evaluated }: Findings): string {
  const [suspect, reason] = [Math.round(noiseRate.estimate * evaluated), unknownReason(noiseRate)];
  if (reason !== null) return `How many of the ${count(evaluated)} labels are wrong is unknown, as ${reason}`;
  if (suspect === 0) return `None of the ${count(evaluated)} labels is estimated to be wrong`;
  return `About ${count(suspect)} of ${count(evaluated)} labels look wrong`;
}

/** How many of them are actually wrong, if the true labels are known. */
function outcome(worst: readonly KnownIssue[]): string {
  if (worst.some(({ truth }) => truth === null)) return "";
  const wrong = worst.filter(({ truth, given }) => truth !== given).length;
  const right = worst.filter(({ truth, suggested }) => truth === suggested).length;
  return `The true labels are known: of these ${worst.length}, ${are(wrong)} wrong, and of the suggestions ${are(right)} correct. `;
}

const are = (number: number) => `${number} ${number === 1 ? "is" : "are"}`;

function gallery(worst: readonly KnownIssue[], thumbnails: readonly Thumbnail[]): Html {
  return html`<ul class="gallery">\n${worst.map((issue, i) => entry(issue, thumbnails[i]!))}</ul>\n`;
}

function entry(issue: KnownIssue, { uri, pixelated }: Thumbnail): Html {
  const { index, file, given, suggested, score, truth } = issue;
  const name = file ?? `sample ${index}`;
  return html`<li title="${name}: ${given} \u2192 ${suggested}"><img src="${uri}" alt="${name}"${pixelated ? html` class="pixelated"` : null}>
<p><s>${given}</s> <b>\u2192 ${suggested}</b></p>
<p class="note">no. ${index} \u00b7 ${score.toFixed(3)}</p>${file === null ? null : html`<p class="note file">${basename(file)}</p>`}${truth === null ? null : html`<p class="note">${verdict(issue)}</p>`}</li>
`;
}

function verdict({ given, suggested, truth }: KnownIssue): Html {
  if (truth === given) return html`<span class="wrong">\u2717 label is correct</span>`;
  return truth === suggested
    ? html`<span class="correct">\u2713 true label ${truth}</span>`
    : html`wrong; true label ${truth}`;
}

function issueTable(worst: readonly KnownIssue[]): Html {
  const [files, truths] = [worst.some(({ file }) => file !== null), worst.some(({ truth }) => truth !== null)];
  const head = [
    "Sample",
    ...(files ? ["File"] : []),
    "Given label",
    "Suggested",
    "Score",
    ...(truths ? ["Truth"] : []),
  ];
  const row = (issue: KnownIssue) =>
    html`<tr><th scope="row">${issue.index}</th>${files ? html`<td class="file">${issue.file}</td>` : null}<td>${issue.given}</td><td>${issue.suggested}</td><td>${issue.score.toFixed(3)}</td>${truths ? html`<td>${verdict(issue)}</td>` : null}</tr>\n`;
  return html`<div class="table"><table class="label-issues">
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${worst.map(row)}</tbody>
</table></div>
`;
}
