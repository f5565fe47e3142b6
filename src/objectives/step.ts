// One step of training by any objective.
import type { nn } from "../torch/index.js";
import type { Forward, Objective, Step, TrainingBatch } from "./types.js";
import { weightOf } from "./weight-sums.js";

/**
 * The objective's own step, or its loss of the network's outputs.
 *
 * const { loss } = takeStep(objective, networkForward(model), { images, labels, index, epoch });
 * loss.backward();
 */
export function takeStep(objective: Objective, forward: Forward, batch: TrainingBatch): Step {
  if ("step" in objective) {
    const step = objective.step(forward, batch);
    return { weight: weightOf(step.loss), ...step };
  }
  const outputs = forward(batch.images);
  const loss = objective.loss(outputs, batch);
  return { loss, logits: objective.views === undefined ? outputs : null, weight: weightOf(loss) };
}

/** @param compute runs the network in the precision and with the kernels of the run */
export function networkForward(model: nn.Module, compute: <T>(body: () => T) => T = (body) => body()): Forward {
  const forward: (...given: Parameters<Forward>) => ReturnType<Forward> = (images) =>
    compute(() => model.forward(images));
  return Object.assign(forward, {
    evaluating<T>(body: () => T): T {
      const { training } = model;
      model.eval();
      try {
        return body();
      } finally {
        model.train(training);
      }
    },
  });
}
