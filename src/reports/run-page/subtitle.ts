// The line under the heading: what kind of run it was.
import type { RunSummary } from "../../runs/files/run-summary.js";
import { count } from "../html/format.js";
import type { RunRecord } from "../types.js";

/** What the runs have in common, in a line: network, objective, epochs, samples, classes, machine, seed. */
export function sharedSettings(runs: readonly RunRecord[]): string {
  const [first = [], ...others] = runs.map(({ summary }) => settingsOf(summary));
  return first.filter((fact, i) => others.every((facts) => facts[i] === fact)).join(" \u00b7 ");
}

function settingsOf({ model, parameters, objective, epochs, trainSize, classes, device, precision, seed }: RunSummary) {
  return [
    `${model} (${count(parameters)} parameters)`,
    `objective ${objective}`,
    `${count(epochs)} ${epochs === 1 ? "epoch" : "epochs"}`,
    `${count(trainSize)} training samples`,
    `${count(classes)} classes`,
    `${device}, ${precision}`,
    `seed ${seed}`,
  ];
}
