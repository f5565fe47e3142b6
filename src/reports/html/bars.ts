// A number with a bar of its size before it, inside a table's cell.
import { percent } from "../../format.js";
import { type Html, html } from "./html.js";

/** A share between 0 and `full`, which fills the bar, in a CSS color. */
export function barCell(share: number, full: number, color: string): Html {
  const width = percent(full > 0 ? Math.min(1, share / full) : 0);
  return html`<td><span class="bar"><i style="width:${width};background:${color}"></i></span>${percent(share)}</td>`;
}
