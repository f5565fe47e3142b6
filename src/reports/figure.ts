// A figure on the page: heading, sentence, legend and drawing; and the figures of several, side by side.
import type { TopLevelSpec } from "vega-lite";
import { type Html, html, trusted } from "./html.js";
import { renderPlot } from "./render-plot.js";

/** A drawing and what stands around it. */
export interface Drawing {
  readonly title: string;
  /** What the reader is looking at, in a sentence or two. */
  readonly caption: string;
  readonly legend: Html | null;
  /** The drawing in words, for those who cannot see it. */
  readonly description: string;
  readonly spec: TopLevelSpec;
}

/** The figures side by side, drawn one after another; null where there are none. */
export async function figureGrid(drawings: readonly Drawing[]): Promise<Html | null> {
  const figures: Html[] = [];
  for (const drawing of drawings) figures.push(await figure(drawing));
  return figures.length === 0 ? null : html`<div class="plots">\n${figures}</div>\n`;
}

// A legend even where there is nothing to tell apart, because the figures of a row share their rows.
async function figure({ title, caption, legend, description, spec }: Drawing): Promise<Html> {
  return html`<figure>
<figcaption><h3>${title}</h3><p>${caption}</p></figcaption>
${legend ?? html`<div class="legend"></div>`}
<div class="plot" role="img" aria-label="${description}">${trusted(await renderPlot(spec))}</div>
</figure>
`;
}
