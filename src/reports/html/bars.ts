// A table cell with a number and a bar.
import { percent } from "../../format.js";
import { type Html, html } from "./html.js";

/** A fraction and its bar in a CSS color; the bar is full at `full`. */
export function barCell(fraction: number, full: number, color: string): Html {
  const width = percent(full > 0 ? Math.min(1, fraction / full) : 0);
  return html`<td><span class="bar"><i style="width:${width};background:${color}"></i></span>${percent(fraction)}</td>`;
}
