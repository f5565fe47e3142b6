import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { csvText } from "../../csv-text.js";
import { readTable } from "./table.js";

const folder = temporaryFolder();

test("a table that is written is read back as it was, whatever its cells hold", async () => {
  const cells = ["plain", 'a "quoted" one', "with, comma", "two\nlines", " spaced ", "-0.5"];
  const text = csvText(["name", "value"], [...cells.map((cell, i) => [cell, i] as const), ["none", null]]);
  const { columns, rows } = await readTable(join(folder("table", { "t.csv": text }), "t.csv"));
  expect(columns).toEqual(["name", "value"]);
  expect(rows.map(({ values }) => values.name)).toEqual([...cells, "none"]);
  expect(rows.map(({ values }) => values.value)).toEqual(["0", "1", "2", "3", "4", "5", ""]);
});
