// The samples whose labels are most suspect: pictures, or a table where there is nothing to see.
import { basename } from "node:path";
import type { Findings, LabelIssue } from "../../../issues/findings.js";
import { count } from "../../html/format.js";
import { type Html, html } from "../../html/html.js";
import { holdPictures, type Thumbnail, thumbnail } from "../../html/thumbnail.js";
import type { ReportInput } from "../../types.js";

const MOST = 40;

/** What is known of an issue besides the issue: the true class's name, where anybody knows it. */
interface Suspect extends LabelIssue {
  readonly truth: string | null;
}

/** The 40 most suspect samples, the worst first; null where there are no findings, or none of them an issue. */
export async function suspects({ findings, samples, labels }: ReportInput): Promise<Html | null> {
  if (!findings || findings.issues.length === 0) return null;
  const clean = labels?.clean ?? null;
  const worst = findings.issues
    .slice(0, MOST)
    .map((issue): Suspect => ({ ...issue, truth: clean && (findings.classes[clean[issue.index]!] ?? null) }));
  const list =
    samples && holdPictures(samples)
      ? gallery(worst, await Promise.all(worst.map(({ index }) => thumbnail(samples, index))))
      : suspectTable(worst);
  return html`<p class="lead">${introduction(worst, findings)}</p>\n${list}`;
}

function introduction(worst: readonly Suspect[], { noiseRate, judged }: Findings): string {
  const suspect = Math.round(noiseRate.estimate * judged);
  const all =
    suspect === 0
      ? `None of the ${count(judged)} labels is estimated to be wrong; these come closest.`
      : `About ${count(suspect)} of ${count(judged)} labels look wrong; these are the ${worst.length} most suspect.`;
  return `${all} ${outcome(worst)}The command selfadapt issues lists all of them.`;
}

/** How many of them are wrong indeed, where that is known. */
function outcome(worst: readonly Suspect[]): string {
  if (worst.some(({ truth }) => truth === null)) return "";
  const wrong = worst.filter(({ truth, given }) => truth !== given).length;
  const right = worst.filter(({ truth, suggested }) => truth === suggested).length;
  return `The truth is known here: of these ${worst.length}, ${are(wrong)} wrong, and of the suggestions ${are(right)} right. `;
}

const are = (number: number) => `${number} ${number === 1 ? "is" : "are"}`;

function gallery(worst: readonly Suspect[], pictures: readonly Thumbnail[]): Html {
  return html`<ul class="gallery">\n${worst.map((suspect, i) => entry(suspect, pictures[i]!))}</ul>\n`;
}

function entry(suspect: Suspect, { uri, pixelated }: Thumbnail): Html {
  const { index, file, given, suggested, score, truth } = suspect;
  const name = file ?? `sample ${index}`;
  return html`<li title="${name}: ${given} \u2192 ${suggested}"><img src="${uri}" alt="${name}"${pixelated ? html` class="pixelated"` : null}>
<p><s>${given}</s> <b>\u2192 ${suggested}</b></p>
<p class="note">no. ${index} \u00b7 ${score.toFixed(3)}</p>${file === null ? null : html`<p class="note file">${basename(file)}</p>`}${truth === null ? null : html`<p class="note">${verdict(suspect)}</p>`}</li>
`;
}

function verdict({ given, suggested, truth }: Suspect): Html {
  if (truth === given) return html`<span class="missed">\u2717 label is right</span>`;
  return truth === suggested ? html`<span class="found">\u2713 truly ${truth}</span>` : html`wrong, truly ${truth}`;
}

function suspectTable(worst: readonly Suspect[]): Html {
  const [files, truths] = [worst.some(({ file }) => file !== null), worst.some(({ truth }) => truth !== null)];
  const head = [
    "Sample",
    ...(files ? ["File"] : []),
    "Label given",
    "Suggested",
    "Score",
    ...(truths ? ["Truth"] : []),
  ];
  const row = (suspect: Suspect) =>
    html`<tr><th scope="row">${suspect.index}</th>${files ? html`<td class="file">${suspect.file}</td>` : null}<td>${suspect.given}</td><td>${suspect.suggested}</td><td>${suspect.score.toFixed(3)}</td>${truths ? html`<td>${verdict(suspect)}</td>` : null}</tr>\n`;
  return html`<div class="table"><table class="suspects">
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${worst.map(row)}</tbody>
</table></div>
`;
}
