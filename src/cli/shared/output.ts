// Output: results to stdout, logs to stderr.
import { withFlags } from "../../options/index.js";

/** Logs a line to stderr; options in messages of the library are written as flags. */
export function log(text: string): void {
  process.stderr.write(`${withFlags(text)}\n`);
}

/** Prints the result of a command: one JSON object, or lines of text. */
export function printResult(json: boolean, value: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${lines.join("\n")}\n`);
}

/** Lines of names and aligned values. */
export function alignedRows(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

/** Lines of a table with a header; columns of numbers are aligned to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const isNumber = (text: string) => /^[\d.,%-]*$/.test(text);
  const columns = header.map((name, column) => {
    const cells = rows.map((row) => row[column] ?? "");
    return { width: Math.max(name.length, ...cells.map(({ length }) => length)), right: cells.every(isNumber) };
  });
  const pad = (text: string, column: number) => {
    const { width = 0, right = false } = columns[column] ?? {};
    return right ? text.padStart(width) : text.padEnd(width);
  };
  return [header, ...rows].map((row) => row.map(pad).join("  ").trimEnd());
}
