// The HTML document of a report, its tiles and its sections.
import { type Html, html, trusted } from "./html.js";
import { STYLE } from "./style.js";

// No scripts, no external resources, only embedded images.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A headline figure: its name, its value and a line of context. */
export interface Tile {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

/** A complete HTML document without scripts or external resources. */
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

/** A row of tiles that wraps. */
export function tiles(all: readonly Tile[]): Html {
  const one = ({ name, value, note }: Tile) =>
    html`<div class="tile"><dt>${name}</dt><dd class="figure">${value}</dd><dd class="note">${note}</dd></div>\n`;
  return html`<dl class="tiles">\n${all.map(one)}</dl>\n`;
}

/** A section with a heading; null without content. */
export function section(heading: string, content: Html | null): Html | null {
  return content && html`<section>\n<h2>${heading}</h2>\n${content}</section>\n`;
}
