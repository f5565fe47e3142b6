// The subtitle of a page: the main settings.
import type { RunSummary } from "../../runs/files/run-summary.js";
import { count } from "../html/format.js";
import type { RunRecord } from "../types.js";

/** The common settings of the runs in one line: network, objective, epochs, samples, classes, machine, seed. */
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
