// Where words go: results to stdout, everything else to stderr.
import { withFlags } from "../../options/index.js";

/** A line for the reader, kept out of what programs read; options of the library are written as flags. */
export function log(text: string): void {
  process.stderr.write(`${withFlags(text)}\n`);
}

/** The command's result: one JSON object, or lines of text. */
export function printResult(json: boolean, value: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${lines.join("\n")}\n`);
}

/** Names and values, the values in one column. */
export function alignedRows(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

/** Rows of cells under a header, each column as wide as its widest cell; columns of numbers stand to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const isNumber = (text: string) => /^[\d.,%-]*$/.test(text);
  const shapes = header.map((name, column) => {
    const cells = rows.map((row) => row[column] ?? "");
    return { width: Math.max(name.length, ...cells.map(({ length }) => length)), right: cells.every(isNumber) };
  });
  const pad = (text: string, column: number) => {
    const { width = 0, right = false } = shapes[column] ?? {};
    return right ? text.padStart(width) : text.padEnd(width);
  };
  return [header, ...rows].map((row) => row.map(pad).join("  ").trimEnd());
}
