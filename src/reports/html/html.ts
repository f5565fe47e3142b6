// HTML as a tagged template: values are escaped unless they are HTML already.

/** Escaped markup. */
export interface Html {
  readonly markup: string;
}

type Content = Html | string | number | null | readonly Content[];

/** The template with its values escaped; lists are joined, null is empty. */
export function html(template: TemplateStringsArray, ...values: readonly Content[]): Html {
  return { markup: template.reduce((page, text, i) => page + toMarkup(values[i - 1] ?? null) + text) };
}

/** Markup that the caller knows to be safe. */
export function trusted(markup: string): Html {
  return { markup };
}

/** Escapes text for elements and quoted attributes. */
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
