// The report that a finished run is given, from what its folder holds.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeReport } from "../src/cli/shared/write-report.js";
import { train } from "../src/training/index.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { tinyRecipe, tinyShapes } from "./support/tiny-run.js";

const folder = temporaryFolder();
const recipe = { ...tinyRecipe, model: "mlp", width: 1, augment: "none" } as const;
const pageOf = (run: string) => readFileSync(join(run, "report.html"), "utf8");

it("shows the pictures of suspect labels, and hands back what was found", async () => {
  const run = folder("run");
  const { prepared } = await train(recipe, { out: run, dataSet: tinyShapes });
  const findings = await writeReport(run, { prepared });
  expect(findings?.evaluated).toBe(60);
  expect(pageOf(run)).toContain("data:image/");
  expect(pageOf(run)).toContain("Likely label errors");
});

it("of a run of an earlier version, which kept no record, has what there is", async () => {
  const run = folder("old");
  const controller = new AbortController();
  const stopAfterEpoch = { listeners: [({ type }: { type: string }) => type === "epoch" && controller.abort()] };
  await train(recipe, { out: run, dataSet: tinyShapes, signal: controller.signal, ...stopAfterEpoch });
  rmSync(join(run, "record"), { recursive: true });
  const { prepared } = await train({}, { out: run, resume: true, dataSet: tinyShapes });
  expect(readdirSync(run)).not.toContain("record");
  expect(await writeReport(run, { prepared })).toBeNull();
  expect(pageOf(run)).toContain("Training curves");
  expect(pageOf(run)).not.toContain("Likely label errors");
});
