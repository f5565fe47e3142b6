// New lines of a run's files after those that are known: a resume writes some epochs again.
import type { EpochEvent, StepEvents } from "../../api.js";

/** The epochs in order, each once: a line replaces the same epoch and cuts off those after it. */
export function appendEpochs(known: readonly EpochEvent[], added: readonly EpochEvent[]): readonly EpochEvent[] {
  const epochs = [...known];
  for (const line of added) {
    while (epochs.length > 0 && (epochs.at(-1)?.epoch ?? -1) >= line.epoch) epochs.pop();
    epochs.push(line);
  }
  return epochs;
}

/** The steps in order, likewise. */
export function appendSteps(known: StepEvents, added: StepEvents): StepEvents {
  const steps = [...known];
  for (const line of added) {
    while (steps.length > 0 && !isBefore(steps.at(-1), line)) steps.pop();
    steps.push(line);
  }
  return steps;
}

type Step = StepEvents[number];

function isBefore(step: Step | undefined, other: Step): boolean {
  if (!step) return true;
  return step.epoch < other.epoch || (step.epoch === other.epoch && step.step < other.step);
}
