import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { claimNumber } from "./review-files.js";

const folderOf = temporaryFolder();

test("two trainings that begin at once get files of different numbers", () => {
  const folder = folderOf("review", { "corrected-1.csv": "file,label\n" });
  expect([claimNumber(folder), claimNumber(folder)]).toEqual([2, 3]);
  expect(readdirSync(folder).sort()).toEqual(["corrected-1.csv", "corrected-2.csv", "corrected-3.csv"]);
});
