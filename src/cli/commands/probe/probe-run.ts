// Runs `probe`, and prints each figure with its protocol.

import { probeRun, type RunProbe } from "../../../evaluation/index.js";
import { percent } from "../../../format.js";
import { setThreads } from "../../../torch/index.js";
import { inRanks } from "../../shared/open-ranks.js";
import { alignedRows, log, printResult } from "../../shared/output.js";
import type { ProbeOptions } from "./probe-options.js";

/** In several processes if requested. @throws InputError for a run or data that cannot be used. */
export async function probe(run: string, { json, threads, ...options }: ProbeOptions): Promise<void> {
  await inRanks(options, async (group) => {
    setThreads(threads);
    const leads = group.rank === 0;
    const { notes, ...result } = await probeRun(run, { ...options, group, ...(leads && { onProgress: log }) });
    await group.barrier();
    if (!leads) return;
    for (const note of notes) log(note);
    printResult(json, result, probeLines(result));
  });
}

function probeLines({ lbfgs, sgd, knn, health, protocol }: Omit<RunProbe, "notes">): string[] {
  const { deviation, evenDeviation, effectiveRank, uniformity, alignment, size, samples } = health;
  return [
    ...protocolLines(protocol, size),
    "",
    ...figure("linear accuracy", lbfgs?.accuracy, protocol.lbfgs),
    ...figure("linear accuracy", sgd?.accuracy, protocol.sgd),
    ...figure("nearest neighbors", knn, protocol.knn),
    `embedding: ${protocol.health}`,
    ...alignedRows([
      ["  deviation", `${deviation.toFixed(4)} (uniform ${evenDeviation.toFixed(4)}, collapsed 0)`],
      ["  effective rank", `${effectiveRank.toFixed(1)} of ${Math.min(size, samples)}`],
      ["  uniformity", `${uniformity.toFixed(3)} (lower is more uniform)`],
      ...(alignment === null ? [] : ([["  alignment", `${alignment.toFixed(4)} (lower is closer)`]] as const)),
    ]),
  ];
}

function protocolLines(protocol: RunProbe["protocol"], size: number): string[] {
  const { data, part, trainSamples, testSamples, labelFraction, classes, checkpoint, initial, seed } = protocol;
  const labels = labelFraction === 1 ? "all labels" : `${percent(labelFraction)} of the labels, at least one per class`;
  const testPart = part === "test" ? "the data's test part" : "held out of the training part";
  return alignedRows([
    ["data", `${data}, ${classes} classes`],
    ["trained on", `${trainSamples} training samples (${labels}), seed ${seed}`],
    ["evaluated on", `${testSamples} samples, ${testPart}`],
    ["network", `${initial ?? `${checkpoint} weights`}, frozen; ${size} features`],
  ]);
}

function figure(name: string, accuracy: number | null | undefined, protocol: string | null): string[] {
  return protocol === null ? [] : [`${name} ${percent(accuracy, 2)}`, `  ${protocol}`];
}
