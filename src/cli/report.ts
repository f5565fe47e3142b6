// The report of a run folder, made from what is in it.
import { join } from "node:path";
import { type RunRecord, renderReport } from "../reports/index.js";
import { readMetrics, readRunRecipe, readSummary, writeFileWhole } from "../training/index.js";

/** What a report needs of a run folder. @throws InputError while the run is not finished. */
export function readRunRecord(run: string): RunRecord {
  return { recipe: readRunRecipe(run).recipe, metrics: readMetrics(run), summary: readSummary(run) };
}

export async function writeReport(run: string): Promise<void> {
  const page = await renderReport({ title: `Run ${run}`, ...readRunRecord(run) });
  writeFileWhole(join(run, "report.html"), page);
}
