// Robust accuracy while a network is trained: PGD-20 on a part of the test set.
import { setImmediate } from "node:timers/promises";
import { type Attack, pgd } from "../../attacks/index.js";
import type { LoadedBatch } from "../../data/index.js";
import { allIndices, sampleIndices } from "../../evaluation/evaluate.js";
import { methodNamed, optionsOf } from "../../methods/index.js";
import { attackDefaults, networkForward, pixelSpace } from "../../objectives/index.js";
import type { Prepared } from "../../runs/prepare.js";
import { noGrad, scope, tensor } from "../../torch/index.js";
import type { Session } from "../session/session.js";
import { type EvaluationParts, evaluatedModel } from "./evaluation.js";

/** The paper's evaluation: 20 steps of 0.003 for a radius of 0.031, scaled for other radii; the last iterate counts. */
const pgd20 = (epsilon: number): Attack =>
  pgd({
    ball: { norm: "inf", epsilon },
    steps: 20,
    stepSize: (0.003 / attackDefaults.epsilon) * epsilon,
    result: "last",
  });

const batchSize = 250;

/**
 * The fraction of `robustSamples` test images, the same in every epoch and for every seed, that are classified correctly both
 * clean and after PGD-20 within the recipe's radius, in the precision of training; null without images to attack. Images that
 * cannot be decoded do not count.
 */
export async function robustAccuracy(
  { recipe, test, normalization }: Prepared,
  session: EvaluationParts & Pick<Session, "device">,
): Promise<number | null> {
  const loader = session.testLoader;
  const method = methodNamed(recipe.objective);
  const trained = method.attack?.(optionsOf(method, recipe));
  if (trained === undefined || trained.evaluationSamples === 0 || test === null || loader === null) return null;
  const forward = networkForward(evaluatedModel(session), session.compute);
  const attack = pgd20(trained.epsilon);
  const chosen = sampleIndices(allIndices(test.labels), trained.evaluationSamples, "robust accuracy");

  /** How many samples of a batch are still classified correctly. */
  function countRobust({ index, images, labels: own }: LoadedBatch): number {
    const { toPixels, toInput } = pixelSpace(normalization, images);
    const labels = tensor(own, { dtype: "int64" }).to(session.device);
    const predicted = forward.evaluating(() => {
      const attacked = attack.perturb((pixels) => forward(toInput(pixels)), {
        images: toPixels(images),
        labels,
        index,
      });
      return noGrad(() => forward(toInput(attacked)).argmax({ dim: 1 }));
    });
    return predicted.eq(labels).sum().item();
  }

  let [correct, attacked] = [0, 0];
  for await (const batch of loader.batches({ indices: chosen, batchSize })) {
    if (batch.index.length > 0) correct += scope(() => countRobust(batch));
    attacked += batch.index.length;
    await setImmediate();
  }
  return attacked === 0 ? null : correct / attacked;
}
