// The page around a report, and the pieces that both kinds of report are put together from.
import { type Html, html, trusted } from "./html.js";
import { STYLE } from "./style.js";

// Says to the browser what the page promises: no scripts, nothing loaded from anywhere, images only where they are in the page.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A figure in large type: its name, its value, and a line of context. */
export interface Tile {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

/** A whole HTML document without scripts or external resources. */
export function page({ title, facts, body }: { title: string; facts: string; body: Html }): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
<p class="facts">${facts}</p>
</header>
${body}
</main>
</body>
</html>
`.markup;
}

/** Tiles in a row, as many as fit. */
export function tiles(all: readonly Tile[]): Html {
  const one = ({ name, value, note }: Tile) =>
    html`<div class="tile"><dt>${name}</dt><dd class="figure">${value}</dd><dd class="note">${note}</dd></div>\n`;
  return html`<dl class="tiles">\n${all.map(one)}</dl>\n`;
}

/** A part of the page under a heading of its own; nothing when it is empty. */
export function section(heading: string, content: Html | null): Html | null {
  return content && html`<section>\n<h2>${heading}</h2>\n${content}</section>\n`;
}
