// What tests read off a page of HTML.
import { expect } from "vitest";

const VOID_ELEMENTS = new Set(["meta", "br", "hr", "img", "link", "input", "!DOCTYPE"]);

/** The page's text without its markup. */
export const pageText = (page: string) => page.replace(/<style>.*?<\/style>/s, "").replace(/<[^>]*>/g, " ");

/** The headings below the page's own. */
export const headings = (page: string) => [...page.matchAll(/<h[23]>([^<]*)</g)].map(([, heading]) => heading);

/** Throws where an element is closed that is not the one open last, or is left open. */
export function checkNesting(page: string): void {
  const open: string[] = [];
  for (const [tag, slash, name] of page.matchAll(/<(\/?)([a-zA-Z!][\w-]*)[^>]*>/g)) {
    if (tag.endsWith("/>") || VOID_ELEMENTS.has(name!)) continue;
    if (slash === "") open.push(name!);
    else expect(name, `closed by ${tag}`).toBe(open.pop());
  }
  expect(open).toEqual([]);
}
