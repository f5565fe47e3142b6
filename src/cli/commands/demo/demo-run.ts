// Runs `demo`: two training runs on the same images with the same wrong labels.

import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../../../atomic-files.js";
import { shapesDataSet, shapesName } from "../../../data/index.js";
import { InputError } from "../../../errors.js";
import { ce, sat } from "../../../methods/index.js";
import { comparisonTable, type NamedRun, renderComparison } from "../../../reports/index.js";
import { claimRunFolder, releaseRunFolder } from "../../../runs/free-run-folder.js";
import type { RecipeInput } from "../../../runs/index.js";
import { threads as availableThreads, packedKernels, setThreads } from "../../../torch/index.js";
import { train } from "../../../training/index.js";
import { log, printResult } from "../../shared/output.js";
import { progressBar } from "../../shared/progress-bar.js";
import { type Signals, stopOnSignals } from "../../shared/signals.js";
import { readRunRecord, writeReport } from "../../shared/write-report.js";
import type { DemoOptions } from "./demo-options.js";
import { demoLesson } from "./demo-text.js";

const drawings = { train: 5000, test: 1000, size: 24 };

/**
 * The settings of both runs. Without augmentation the network can memorize every label within these epochs; the targets start
 * to move when it has learned the shapes, but memorized few of the wrong labels.
 */
const recipe = {
  noise: "symmetric:0.4",
  model: "resnet18",
  width: 8,
  augment: "none",
  epochs: 20,
  batchSize: 64,
  lr: 0.05,
} as const satisfies Partial<RecipeInput>;

const methods = [
  { name: "cross entropy", settings: { objective: ce.name } },
  { name: "self-adaptive", settings: { objective: sat.name, startEpoch: 3, targetMomentum: 0.7 } },
] as const satisfies readonly { readonly name: string; readonly settings: Partial<RecipeInput> }[];

type Settings = Pick<DemoOptions, "seed" | "device">;

/**
 * Trains both, prints their figures side by side with an explanation, and writes the comparison.
 * @throws InputError when the given folder is not empty.
 */
export async function demoRun({ json, threads, out, ...settings }: DemoOptions): Promise<void> {
  if (out !== undefined) requireNew(out);
  setThreads(threads ?? fittingThreads());
  const folder = out ?? claimRunFolder("demo", "shapes");
  log(`${drawings.train} drawings of ten shapes, 40% of the labels redrawn at random; two training runs:`);
  const signals = stopOnSignals();
  try {
    const runs = await trainBoth(folder, settings, signals);
    if (runs === null) stopped(json, folder, signals.status());
    else await finished(json, folder, runs);
  } finally {
    signals.release();
    if (out === undefined) releaseRunFolder(folder);
  }
}

/** A network this small keeps two threads of the package's kernels busy; libtorch's would mostly wait for each other. */
const fittingThreads = () => Math.min(availableThreads(), packedKernels().length > 0 ? 2 : 1);

function requireNew(out: string): void {
  if (!existsSync(out) || (statSync(out).isDirectory() && readdirSync(out).length === 0)) return;
  throw new InputError(`--out: received ${out}, which is not empty; expected a new or an empty folder`);
}

/** Null when a signal stopped a run. */
async function trainBoth(
  folder: string,
  { seed, device }: Settings,
  { signal }: Signals,
): Promise<readonly NamedRun[] | null> {
  const data = shapesName({ ...drawings, seed });
  const dataSet = shapesDataSet({ ...drawings, seed });
  const runs: NamedRun[] = [];
  for (const { name, settings: chosen } of methods) {
    const out = join(folder, chosen.objective);
    log(`\n${name}:`);
    const bar = progressBar(name);
    const options = { out, dataSet, listeners: [bar], signal };
    const { summary, prepared } = await train({ ...recipe, ...chosen, data, seed, device }, options).finally(() =>
      bar.close(),
    );
    if (summary === null) return null;
    await writeReport(out, { prepared });
    runs.push({ name, ...readRunRecord(out) });
  }
  return runs;
}

function stopped(json: boolean, folder: string, status: number): void {
  log(`stopped; a new demo, in another folder, has the comparison (${folder} holds the unfinished runs)`);
  if (json) printResult(json, { stopped: true, folder }, []);
  process.exitCode = status;
}

async function finished(json: boolean, folder: string, runs: readonly NamedRun[]): Promise<void> {
  const report = join(folder, "report.html");
  writeFileAtomic(report, await renderComparison({ title: "Learning from wrong labels", runs }));
  const [crossEntropy, selfAdaptive] = runs as [NamedRun, NamedRun];
  printResult(json, { crossEntropy: crossEntropy.summary, selfAdaptive: selfAdaptive.summary, report }, [
    "",
    ...comparisonTable(runs),
    "",
    ...demoLesson(crossEntropy, { ...selfAdaptive, startEpoch: methods[1].settings.startEpoch }),
    "",
    `report: ${report}`,
    `curves and labels to review: selfadapt studio ${folder}`,
  ]);
}
