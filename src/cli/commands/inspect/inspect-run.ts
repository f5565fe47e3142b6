// Reads a data set, prints what it is, and writes the contact sheet. The engine is not loaded.
import { writeFile } from "node:fs/promises";
import { type Inspection, inspectData } from "../../../data/inspect.js";
import { InputError } from "../../../errors.js";
import { counted } from "../../../format.js";
import { layoutOf, option } from "../../../options/index.js";
import { contactSheet } from "../../../reports/data-page/contact-sheet.js";
import { partRows } from "../../shared/data-lines.js";
import { alignedRows, log, printResult } from "../../shared/output.js";
import type { InspectOptions } from "./inspect-options.js";

export async function inspect(path: string, { html, json, ...options }: InspectOptions): Promise<void> {
  const { inspection, data } = await inspectData(path, readOptions(options));
  if (html !== undefined) {
    await writeSheet(html, await contactSheet(path, inspection, data));
    log(`${html}: pictures of each class`);
  }
  printResult(json, { data: path, ...inspection }, inspectionLines(inspection));
}

const readOptions = ({ format, labels, ...options }: Omit<InspectOptions, "html" | "json">) => ({
  ...(format !== undefined && { format }),
  ...(labels !== undefined && { labelsFile: labels }),
  ...layoutOf(options),
});

async function writeSheet(path: string, page: string): Promise<void> {
  await writeFile(path, page).catch((error: Error) => {
    throw new InputError(
      `${option("html", path)}: cannot be written (${error.message}); expected a file in a folder that exists`,
    );
  });
}

/** The lines of an inspection. */
function inspectionLines(inspection: Inspection): string[] {
  const { format, shape, classes, values, sizes, unreadable, notes } = inspection;
  const rows: [string, string][] = [
    ["data", `${format}: ${counted(classes.length, "class", "classes")}, samples of ${shape.join(" x ")}`],
    ...partRows(inspection),
  ];
  if (values !== null) rows.push(["values", valuesText(values)]);
  if (sizes !== null) rows.push(["images", sizesText(sizes)]);
  const skipped = unreadable.slice(0, 10).map(({ file, reason }) => `cannot be read: ${file} (${reason})`);
  const more =
    unreadable.length > skipped.length ? [`cannot be read: ${unreadable.length - skipped.length} more images`] : [];
  return [...alignedRows(rows), ...notes, ...skipped, ...more];
}

function valuesText({ type, lowest, highest }: NonNullable<Inspection["values"]>): string {
  const short = (value: number) => Number(value.toPrecision(4));
  return `${type} from ${short(lowest)} to ${short(highest)}`;
}

function sizesText({ distinct, smallest, largest }: NonNullable<Inspection["sizes"]>): string {
  const side = ({ width, height }: typeof smallest) => `${width} x ${height}`;
  return distinct === 1 ? `all of ${side(smallest)}` : `${distinct} sizes, from ${side(smallest)} to ${side(largest)}`;
}
