// A plot on the page: heading, sentence, legend with the last values, and the drawing.
import { nats, percent, rate } from "./format.js";
import { type Html, html, trusted } from "./html.js";
import { type Plot, plotSpec, type Series, type Unit } from "./plot-spec.js";
import { renderPlot } from "./render-plot.js";

const WRITE = { percent, nats, rate } as const;

/** The plots side by side, drawn one after another; null where there are none. */
export async function plotGrid(plots: readonly Plot[]): Promise<Html | null> {
  const figures: Html[] = [];
  for (const plot of plots) figures.push(await figure(plot));
  return figures.length === 0 ? null : html`<div class="plots">\n${figures}</div>\n`;
}

async function figure(plot: Plot): Promise<Html> {
  const drawing = trusted(await renderPlot(plotSpec(plot)));
  return html`<figure>
<figcaption><h3>${plot.title}</h3><p>${plot.caption}</p></figcaption>
${legend(plot)}
<div class="plot" role="img" aria-label="${description(plot)}">${drawing}</div>
</figure>
`;
}

// An element even where there is nothing to tell apart, because the figures of a row share their rows.
function legend({ title, series, unit }: Plot): Html {
  return series.length === 1 && series[0]?.name === title
    ? html`<div class="legend"></div>`
    : html`<ul class="legend">${series.map((one) => legendEntry(one, unit))}</ul>`;
}

function legendEntry(series: Series, unit: Unit): Html {
  return html`<li><svg width="26" height="10" aria-hidden="true"><line x1="1" y1="5" x2="25" y2="5" stroke="${series.colour}" stroke-width="2.5" stroke-dasharray="${series.dash.join(" ")}"/></svg>${series.name} <b>${lastValue(series, unit)}</b></li>`;
}

function description({ title, series, unit }: Plot): string {
  const ends = series.map((one) => `${one.name} ends at ${lastValue(one, unit)}`);
  return `${title} over the epochs: ${ends.join("; ")}.`;
}

function lastValue({ values }: Series, unit: Unit): string {
  const last = values.at(-1);
  return last === undefined ? "" : WRITE[unit](last.value);
}
