// The demo: the same pictures with the same wrong labels, learnt twice.
import { join } from "node:path";
import { shapesDataSet } from "../data/index.js";
import { comparisonTable, type NamedRun, renderComparison } from "../reports/index.js";
import { setThreads } from "../torch/index.js";
import { type RecipeInput, train, writeFileWhole } from "../training/index.js";
import { freeRunFolder } from "./free-run-folder.js";
import { answer, tell } from "./output.js";
import { progressBar } from "./progress-bar.js";
import { readRunRecord, writeReport } from "./report.js";
import type { SharedOptions } from "./shared-options.js";
import { stopOnSignals } from "./signals.js";

export interface DemoFlags extends SharedOptions {
  readonly out?: string;
  readonly seed: string;
  readonly device: string;
}

const pictures = { train: 2000, test: 1000, size: 32 };

/** What both runs share; without augmentation, the network has every chance to learn the wrong labels by heart. */
const recipe = {
  data: "(built-in shapes)",
  noise: "symmetric:0.4",
  model: "resnet18",
  width: 8,
  augment: "none",
  epochs: 30,
  batchSize: 64,
  startEpoch: 8,
  targetMomentum: 0.9,
  evalEvery: 1,
} as const satisfies RecipeInput;

const methods = [
  { name: "cross entropy", objective: "ce" },
  { name: "self-adaptive", objective: "sat" },
] as const;

/** Trains both, prints them side by side and writes the comparison. */
export async function demoRun({ json, threads, out, seed, device }: DemoFlags): Promise<void> {
  if (threads !== undefined) setThreads(threads);
  const folder = out ?? freeRunFolder("demo", "shapes");
  const dataSet = shapesDataSet({ ...pictures, seed: Number(seed) });
  tell(`${pictures.train} drawings of ten shapes, 40% of them relabelled at random (36% wrong), learnt twice:`);
  const signals = stopOnSignals();
  const runs: NamedRun[] = [];
  for (const { name, objective } of methods) {
    const run = join(folder, objective);
    const input = { ...recipe, objective, seed: Number(seed), device };
    const { summary } = await train(input, {
      out: run,
      dataSet,
      listeners: [progressBar(name)],
      signal: signals.signal,
    });
    if (summary === null) {
      tell("stopped; run the demo again for the whole of it");
      process.exitCode = signals.status();
      return;
    }
    await writeReport(run);
    runs.push({ name, ...readRunRecord(run) });
  }
  signals.release();
  const report = join(folder, "report.html");
  writeFileWhole(report, await renderComparison({ title: "Learning from wrong labels", runs }));
  const [ce, sat] = runs.map(({ summary }) => summary);
  answer(json, { crossEntropy: ce, selfAdaptive: sat, report }, [
    "",
    ...comparisonTable(runs),
    "",
    `report: ${report}`,
  ]);
}
