// One sample on the page of issues: its picture, its label and its number.
import { basename } from "node:path";
import { type Html, html } from "../html/html.js";
import { holdImages, thumbnail } from "../html/thumbnail.js";
import type { PartSamples } from "./part-samples.js";

/** A sample and what is written below it. */
export interface Shown {
  readonly part: PartSamples;
  /** In the part. */
  readonly row: number;
  readonly classes: readonly string[];
  /** The name of another part that it is from; null for the one that is searched. */
  readonly other: string | null;
  /** Its score, where the samples are ranked by one. */
  readonly score: number | null;
}

/** A list item; samples that are not images have text alone. */
export async function picture({ part, row, classes, other, score }: Shown): Promise<Html> {
  const { samples } = part;
  const index = part.positions[row]!;
  const file = samples.files?.[index];
  const name = file ?? `sample ${index}`;
  const label = classes[samples.labels[index]!] ?? "no label";
  const place = `${other === null ? "" : `${other} `}no. ${index}`;
  const text = score === null ? place : `${place} \u00b7 ${score.toFixed(3)}`;
  return html`<li title="${name}: ${label}">${holdImages(samples) ? await image(part, index, name) : null}<p><b>${label}</b></p>
<p class="note">${text}</p>${file === undefined ? null : html`<p class="note file">${basename(file)}</p>`}</li>
`;
}

async function image({ samples }: PartSamples, index: number, name: string): Promise<Html> {
  const { uri, pixelated } = await thumbnail(samples, index);
  return html`<img src="${uri}" alt="${name}"${pixelated ? html` class="pixelated"` : null}>\n`;
}
