// @ts-check
// Prints the figures as a table or as one line of JSON.

import { isMet } from "./measurement.mjs";

/** @typedef {import("./measurement.mjs").Measurement} Measurement */

/** @param {number | null} value */
const figure = (value) => (value === null ? "-" : String(Number(value.toPrecision(4))));

const HEADINGS = ["measurement", "unit", "ours", "theirs", "ratio", "target", ""];

/** @param {Measurement} measurement */
function cells(measurement) {
  const { name, unit, ours, theirs, ratio, target } = measurement;
  const met = isMet(measurement);
  const verdict = met === null ? "" : met ? "met" : "missed";
  return [
    name,
    unit,
    figure(ours),
    figure(theirs),
    figure(ratio),
    target === null ? "-" : `>= ${figure(target)}`,
    verdict,
  ];
}

/**
 * Rows under headings, columns aligned. "Theirs" is PyTorch, or the bound that we set ourselves.
 * @param {readonly Measurement[]} measurements
 */
export function table(measurements) {
  const rows = [HEADINGS, ...measurements.map(cells)];
  const widths = HEADINGS.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** @param {readonly Measurement[]} measurements */
export function json(measurements) {
  return JSON.stringify({ measurements });
}
