// Made-up runs for tests of the studio's page: a list, details, and the lines of a run that trains.
import type { RunDetails, RunEntry } from "../../../src/studio/api.js";

const methods = ["sat", "ce", "sat-selective", "mixup"];
const models = ["resnet18", "wrn-28-10", "mlp"];

/** `n` runs, the latest first; the first one is running, the last died. */
export function fakeRuns(n: number): RunEntry[] {
  return Array.from({ length: n }, (_, i) => ({
    id: `${["photos", "shapes", "cifar10"][i % 3]}-${methods[i % 4]}-${n - i}`,
    status: i === 0 ? ("running" as const) : i === n - 1 ? ("died" as const) : i % 7 === 3 ? "stopped" : "finished",
    method: methods[i % 4] as string,
    model: models[i % 3] as string,
    data: ["data/photos", "shapes", "data/cifar-10-batches-bin"][i % 3] as string,
    epoch: i === 0 ? 12 : i % 7 === 3 ? 8 : 40,
    epochs: 40,
    testAccuracy: i === 0 ? null : 0.62 + 0.3 * Math.sin(i) ** 2,
    changed: Date.UTC(2026, 10, 29, 12) - i * 3_600_000,
  }));
}

export function fakeDetails(entry: RunEntry, classes: readonly string[]): RunDetails {
  const isRunning = entry.status === "running";
  return {
    ...entry,
    recipe: { data: entry.data, objective: entry.method, model: entry.model, epochs: entry.epochs, lr: 0.1, seed: 0 },
    summary: isRunning
      ? null
      : { testAccuracy: entry.testAccuracy, labelNoise: 0.2, seconds: 341, parameters: 176_290 },
    classes: [...classes],
    pid: isRunning ? 4711 : null,
    host: isRunning ? "workstation" : null,
    started: isRunning ? new Date(entry.changed).toISOString() : null,
    whyNot: {
      stop: isRunning ? null : "it is not running",
      resume: entry.status === "stopped" || entry.status === "died" ? null : "it is finished",
      review: isRunning ? "it has no checkpoint yet" : null,
    },
    notes: [],
  };
}

/** The line of metrics.jsonl of an epoch. */
export function fakeEpoch(epoch: number) {
  const learned = 1 - Math.exp(-epoch / 8);
  return {
    epoch,
    lr: 0.05 * (1 + Math.cos((Math.PI * epoch) / 40)),
    trainLoss: 2.3 - 1.5 * learned,
    trainAccuracy: 0.1 + 0.6 * learned,
    testAccuracy: 0.12 + 0.68 * learned - (epoch % 3) * 0.01,
    cleanTrainAccuracy: 0.1 + 0.75 * learned,
    noisyTrainAccuracy: 0.1 + 0.55 * learned,
    recoveredLabels: epoch < 6 ? null : 0.6 + 0.3 * learned,
    targetDrift: epoch < 6 ? 0 : 0.3 * learned,
    seconds: 8.5,
    imagesPerSecond: 1180 + 20 * Math.sin(epoch),
  };
}

/** Lines of steps.jsonl of an epoch. */
export function fakeSteps(epoch: number, perEpoch = 20) {
  return Array.from({ length: perEpoch }, (_, i) => {
    const at = epoch + i / perEpoch;
    const loss = 2.3 - 1.5 * (1 - Math.exp(-at / 8)) + 0.12 * Math.sin(at * 91.7);
    return { epoch, step: epoch * perEpoch + i, loss, imagesPerSecond: 1180 + 60 * Math.sin(at * 13) };
  });
}
