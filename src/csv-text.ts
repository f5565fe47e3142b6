// Tables as CSV.

/** null is an empty cell. */
export type Cell = string | number | boolean | null;

/** A table as CSV, a header and a line a row. `readTable` reads it back as it was. */
export function csvText(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return csvRows([columns, ...rows]);
}

/** Rows as CSV, a line each. */
export function csvRows(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(",")}\n`).join("");
}

function csvCell(value: Cell): string {
  const text = String(value ?? "");
  return /[",;\t|\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
