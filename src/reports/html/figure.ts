// A figure on the page: heading, sentence, legend and drawing; and the figures of several, side by side.
import type { TopLevelSpec } from "vega-lite";
import { renderPlot } from "../charts/render-plot.js";
import { type Html, html, trusted } from "./html.js";

/** A drawing and what stands around it. */
export interface Drawing {
  readonly title: string;
  /** What the reader is looking at, in a sentence or two. */
  readonly caption: string;
  readonly legend: Html | null;
  /** The drawing in words, for those who cannot see it. */
  readonly description: string;
  readonly spec: TopLevelSpec;
  /** Full of small print: scrolled on a phone, where others shrink. */
  readonly dense?: boolean;
}

/** The figures side by side, drawn one after another, and others after them; null where there are none. */
export async function figureGrid(drawings: readonly Drawing[], others: readonly Html[] = []): Promise<Html | null> {
  const figures: Html[] = [];
  for (const drawing of drawings) figures.push(await drawn(drawing));
  figures.push(...others);
  return figures.length === 0 ? null : html`<div class="plots">\n${figures}</div>\n`;
}

async function drawn(drawing: Drawing): Promise<Html> {
  const { description, spec, dense } = drawing;
  const svg = trusted(await renderPlot(spec));
  return figure({
    ...drawing,
    content: html`<div class="${dense ? "plot dense" : "plot"}" role="img" aria-label="${description}">${svg}</div>`,
  });
}

/** A card with a heading, a sentence and a legend over its content. */
export function figure({
  title,
  caption,
  legend,
  content,
}: Omit<Drawing, "spec" | "description"> & { content: Html }): Html {
  // A legend even where there is nothing to tell apart, because the figures of a row share their rows.
  return html`<figure>
<figcaption><h3>${title}</h3><p>${caption}</p></figcaption>
${legend ?? html`<div class="legend"></div>`}
${content}
</figure>
`;
}
