// HTML as a tagged template: whatever is put in is escaped, unless it is HTML already.

/** Markup that is safe to put into a page as it stands. */
export interface Html {
  readonly markup: string;
}

type Content = Html | string | number | null | readonly Content[];

/** Markup of the template's own text, every value in it escaped; lists are joined, null is nothing. */
export function html(template: TemplateStringsArray, ...values: readonly Content[]): Html {
  return { markup: template.reduce((page, text, i) => page + toMarkup(values[i - 1] ?? null) + text) };
}

/** Markup from elsewhere, vouched for by the caller. */
export function trusted(markup: string): Html {
  return { markup };
}

/** Text with the five characters that mean something in HTML replaced, fit for elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function toMarkup(content: Content): string {
  if (content === null) return "";
  if (typeof content === "string" || typeof content === "number") return escapeHtml(String(content));
  return "markup" in content ? content.markup : content.map(toMarkup).join("");
}
