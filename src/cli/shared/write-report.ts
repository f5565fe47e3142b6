// The report of a run folder.

import { join } from "node:path";
import { writeFileAtomic } from "../../atomic-files.js";
import { embeddingSample, type InspectRunOptions, inspectRun, readAttacks } from "../../evaluation/index.js";
import { type Findings, findIssues, type RunInspection } from "../../issues/index.js";
import { methodNamed } from "../../methods/index.js";
import { MissingPackageError } from "../../optional-package.js";
import {
  type LabelRecord,
  type ReportInput,
  type RunRecord,
  renderReport,
  samplesOfRun,
  type Threshold,
  writeSuspects,
} from "../../reports/index.js";
import { countHistory, readCalibration, readMetrics, readRunRecipe, readSummary } from "../../runs/index.js";
import { log } from "./output.js";

/** The recipe, metrics and summary of a run. @throws InputError while the run is not finished. */
export function readRunRecord(run: string): RunRecord {
  return { recipe: readRunRecipe(run).recipe, metrics: readMetrics(run), summary: readSummary(run) };
}

/**
 * Writes `report.html` of a finished run. Returns the findings on its data; null for a run of an earlier version, which has no
 * per-sample history.
 */
export async function writeReport(
  run: string,
  data: Pick<InspectRunOptions, "prepared" | "data" | "device">,
): Promise<Findings | null> {
  const evidence = countHistory(run) === 0 ? {} : await evidenceOf(await inspectRun(run, data), thresholdOf(run));
  const record = readRunRecord(run);
  const { findings = null, samples } = evidence;
  if (readRunRecipe(run).recipe.tensorboard && findings !== null && samples) {
    await writeSuspects(run, record.metrics.at(-1)?.epoch ?? 0, samples, findings);
  }
  const embedding =
    methodNamed(record.summary.objective).family === "self-supervised" ? await embeddingSample(run, data) : null;
  const page = await renderReport({
    title: `Run ${run}`,
    ...record,
    ...evidence,
    embedding,
    attacks: readAttacks(run),
  });
  writeFileAtomic(join(run, "report.html"), page);
  return findings;
}

/** As `writeReport`; logs one line instead when the optional packages of reports are missing. */
export async function writeReportIfPossible(...args: Parameters<typeof writeReport>): Promise<Findings | null> {
  try {
    return await writeReport(...args);
  } catch (error) {
    if (!(error instanceof MissingPackageError)) throw error;
    log(`no report.html: ${error.message}`);
    return null;
  }
}

type Evidence = Pick<ReportInput, "findings" | "samples" | "labels" | "parts" | "test" | "calibration">;

async function evidenceOf(inspection: RunInspection, calibration: Threshold | null): Promise<Evidence> {
  const findings = await findIssues(inspection);
  const { train, test } = inspection;
  return { findings, samples: train, labels: labelsOf(inspection), parts: samplesOfRun(inspection), test, calibration };
}

/** The threshold of the last checkpoint, which the report is about. */
function thresholdOf(run: string): Threshold | null {
  const calibration = readCalibration(run);
  return calibration?.checkpoint === "last" ? calibration : null;
}

function labelsOf({ train, cleanLabels, targets, trainIndices }: RunInspection): LabelRecord {
  return { given: train.labels, clean: cleanLabels, targets, trained: trainIndices };
}
