// A figure of a page: heading, caption, legend and plot; and a grid of figures.
import type { TopLevelSpec } from "vega-lite";
import { renderPlot } from "../charts/render-plot.js";
import { type Html, html, trusted } from "./html.js";

/** A plot with its heading, caption and legend. */
export interface Drawing {
  readonly title: string;
  /** One or two sentences on what is plotted. */
  readonly caption: string;
  readonly legend: Html | null;
  /** The text alternative of the plot. */
  readonly description: string;
  readonly spec: TopLevelSpec;
  /** Too dense to shrink on a narrow screen: scrolled instead. */
  readonly dense?: boolean;
}

/** A grid of the plots, rendered one after another, followed by `others`; null when empty. */
export async function figureGrid(drawings: readonly Drawing[], others: readonly Html[] = []): Promise<Html | null> {
  const figures: Html[] = [];
  for (const drawing of drawings) figures.push(await rendered(drawing));
  figures.push(...others);
  return figures.length === 0 ? null : html`<div class="plots">\n${figures}</div>\n`;
}

async function rendered(drawing: Drawing): Promise<Html> {
  const { description, spec, dense } = drawing;
  const svg = trusted(await renderPlot(spec));
  return figure({
    ...drawing,
    content: html`<div class="${dense ? "plot dense" : "plot"}" role="img" aria-label="${description}">${svg}</div>`,
  });
}

/** A card with a heading, a caption and a legend above its content. */
export function figure({
  title,
  caption,
  legend,
  content,
}: Omit<Drawing, "spec" | "description"> & { content: Html }): Html {
  // An empty legend keeps the figures of a row aligned.
  return html`<figure>
<figcaption><h3>${title}</h3><p>${caption}</p></figcaption>
${legend ?? html`<div class="legend"></div>`}
${content}
</figure>
`;
}
