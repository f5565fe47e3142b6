// Curves over the epochs as figures, with a legend of the last values and a text description.
import { percent } from "../../format.js";
import type { Drawing } from "../html/figure.js";
import { nats, rate } from "../html/format.js";
import { type Html, html } from "../html/html.js";
import { type Plot, plotSpec, type Series, type Unit } from "./curves-spec.js";

const WRITE = { percent, nats, rate, count: rate } as const;

/** A plot with its legend and its text description. */
export function curvesDrawing(plot: Plot): Drawing {
  const { title, caption } = plot;
  return { title, caption, legend: legend(plot), description: description(plot), spec: plotSpec(plot) };
}

function legend({ title, series, unit }: Plot): Html | null {
  return series.length === 1 && series[0]?.name === title
    ? null
    : html`<ul class="legend">${series.map((one) => legendItem(one, lastValue(one, unit)))}</ul>`;
}

/** A legend entry: a line sample, the name and a value. */
export function legendItem({ name, color, dash }: Pick<Series, "name" | "color" | "dash">, value: string): Html {
  return html`<li><svg width="26" height="10" aria-hidden="true"><line x1="1" y1="5" x2="25" y2="5" stroke="${color}" stroke-width="2.5" stroke-dasharray="${dash.join(" ")}"/></svg>${name} <b>${value}</b></li>`;
}

function description({ title, series, unit }: Plot): string {
  const ends = series.map((one) => `${one.name} ends at ${lastValue(one, unit)}`);
  return `${title} over the epochs: ${ends.join("; ")}.`;
}

function lastValue({ values }: Series, unit: Unit): string {
  const last = values.at(-1);
  return last === undefined ? "" : WRITE[unit](last.value);
}
