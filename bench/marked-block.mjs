// @ts-check
// Tables of figures that scripts write into the docs: `<!-- NAME -->` and `<!-- /NAME -->` mark the place.
import { readFileSync, writeFileSync } from "node:fs";

/**
 * Replaces what stands between the two marks of `name` in the file.
 * @param {string} file @param {string} name @param {readonly string[]} lines
 */
export function writeBlock(file, name, lines) {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const text = readFileSync(file, "utf8");
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no block ${start} ... ${end}`);
  writeFileSync(file, `${text.slice(0, from + start.length)}\n\n${lines.join("\n")}\n\n${text.slice(to)}`);
}

/**
 * A table in Markdown, its columns padded to one width.
 * @param {readonly string[]} header @param {readonly (readonly string[])[]} rows
 */
export function markdownTable(header, rows) {
  const width = header.map((name, i) => Math.max(3, name.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${width.map((size, i) => (cells[i] ?? "").padEnd(size)).join(" | ")} |`;
  return [line(header), line(width.map((size) => "-".repeat(size))), ...rows.map(line)];
}
