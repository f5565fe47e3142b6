// The report of a run folder, made from what is in it.
import { join } from "node:path";
import { type Findings, findIssues, type LabelRecord, type RunRecord, renderReport } from "../reports/index.js";
import {
  type InspectRunOptions,
  inspectRun,
  type RunInspection,
  readMetrics,
  readRunRecipe,
  readSummary,
  writeFileWhole,
} from "../training/index.js";

/** What a report needs of a run folder. @throws InputError while the run is not finished. */
export function readRunRecord(run: string): RunRecord {
  return { recipe: readRunRecipe(run).recipe, metrics: readMetrics(run), summary: readSummary(run) };
}

/** Writes `report.html` of a finished run, with what was found out about its data, which it hands back. */
export async function writeReport(run: string, data: Pick<InspectRunOptions, "prepared">): Promise<Findings> {
  const inspection = await inspectRun(run, data);
  const findings = await findIssues(inspection);
  const known = { findings, samples: inspection.train, labels: labelsOf(inspection) };
  writeFileWhole(
    join(run, "report.html"),
    await renderReport({ title: `Run ${run}`, ...readRunRecord(run), ...known }),
  );
  return findings;
}

function labelsOf({ train, cleanLabels, targets, trainIndices }: RunInspection): LabelRecord {
  return { given: train.labels, clean: cleanLabels, targets, trained: trainIndices };
}
