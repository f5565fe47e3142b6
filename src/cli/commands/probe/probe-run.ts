// What `probe` does: judges the run's features, and prints each figure with its protocol.

import { probeRun, type RunProbe } from "../../../evaluation/index.js";
import type { ProbeMethod } from "../../../evaluation/probe/settings.js";
import { setThreads } from "../../../torch/index.js";
import { alignedRows, log, percent, printResult } from "../../shared/output.js";
import type { SharedOptions } from "../../shared/shared-options.js";

export interface ProbeFlags extends SharedOptions {
  readonly data: string;
  readonly format?: string;
  readonly labels?: string;
  readonly checkpoint: string;
  readonly protocol: readonly ProbeMethod[];
  readonly k: number;
  readonly temperature: number;
  readonly labelFraction: number;
  readonly heldOut: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly lr: number;
  readonly seed: number;
  readonly device: string;
  readonly precision?: string;
  readonly kernels?: string;
}

/** @throws InputError for a run, data or settings that cannot be used. */
export async function probeAndTell(run: string, { json, threads, protocol, ...options }: ProbeFlags): Promise<void> {
  if (threads !== undefined) setThreads(threads);
  const { notes, ...result } = await probeRun(run, { ...options, methods: protocol, onProgress: log });
  for (const note of notes) log(note);
  printResult(json, result, linesOf(result));
}

function linesOf({ lbfgs, sgd, knn, health, protocol }: Omit<RunProbe, "notes">): string[] {
  const { part, trainSamples, testSamples, labelFraction, classes, checkpoint, initial } = protocol;
  const share =
    labelFraction === 1 ? "all of the labels" : `${percent(labelFraction, 1)} of the labels, at least one a class`;
  const judged = part === "test" ? "the data's test part" : "held out of the training part";
  const { deviation, evenDeviation, effectiveRank, uniformity, alignment, size } = health;
  return [
    ...alignedRows([
      ["data", `${protocol.data}, ${classes} classes`],
      ["learnt from", `${trainSamples} training samples (${share}), seed ${protocol.seed}`],
      ["judged on", `${testSamples} samples, ${judged}`],
      ["network", `${initial ?? `${checkpoint} weights`}, frozen; features of ${size} numbers`],
    ]),
    "",
    ...figure("linear accuracy", lbfgs?.accuracy, protocol.lbfgs),
    ...figure("linear accuracy", sgd?.accuracy, protocol.sgd),
    ...figure("nearest neighbors", knn, protocol.knn),
    `embedding: ${protocol.health}`,
    ...alignedRows([
      ["  deviation", `${deviation.toFixed(4)} (evenly spread ${evenDeviation.toFixed(4)}, collapsed 0)`],
      ["  effective rank", `${effectiveRank.toFixed(1)} of ${size}`],
      ["  uniformity", `${uniformity.toFixed(3)} (lower is more even)`],
      ...(alignment === null ? [] : ([["  alignment", `${alignment.toFixed(4)} (lower is nearer)`]] as const)),
    ]),
  ];
}

function figure(name: string, accuracy: number | null | undefined, protocol: string | null): string[] {
  return protocol === null ? [] : [`${name} ${percent(accuracy)}`, `  ${protocol}`];
}
