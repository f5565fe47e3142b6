// How a network stands up to attack while it is trained: PGD-20 on a part of the test set.
import { setImmediate } from "node:timers/promises";
import { batchBounds, randomFrom } from "../data/index.js";
import { predictions } from "../metrics/index.js";
import { attackedNetwork, madry } from "../objectives/index.js";
import { manualSeed, noGrad, scope, type Tensor } from "../torch/index.js";
import { type Evaluation, someOf } from "./evaluate.js";
import type { Prepared } from "./prepare.js";
import { isAdversarial } from "./resolve.js";
import { judged, type Session } from "./session.js";

/** The paper's evaluation: 20 steps of this size, from a random start. */
const pgd = { attackSteps: 20, attackStepSize: 0.003 } as const;
const batchSize = 250;

/**
 * The share of the first `robustSamples` of a random order of the test set, the same in every epoch and for every seed, that
 * is answered rightly as it is and after PGD-20 within the recipe's radius; null where there is nothing to attack.
 * @param tested the network's answers to the whole test set
 */
export async function robustAccuracy(
  { recipe, test, normalisation }: Prepared,
  session: Session,
  { logits, indices, labels }: Evaluation,
): Promise<number | null> {
  const loader = session.testLoader;
  if (!isAdversarial(recipe) || recipe.robustSamples === 0 || test === null || loader === null) return null;
  const answers = predictions(logits, indices.length, session.classes);
  const chosen = someOf(indices, recipe.robustSamples, "robust accuracy");
  const standing = chosen.filter((sample) => answers[sample] === labels[sample]);
  const network = attackedNetwork(judged(session), session.compute);
  const attack = madry({ network, normalisation, epsilon: recipe.epsilon, ...pgd });

  const answersTo = (images: Tensor) =>
    noGrad(() => network.evaluating(() => network.forward(images))).argmax({ dim: 1 });
  let survivors = 0;
  manualSeed(randomFrom("robust accuracy", "start").integer(2 ** 31), session.device);
  for (const [start, end] of batchBounds(standing.length, batchSize)) {
    const index = standing.subarray(start, end);
    const own = index.map((sample) => test.labels[sample] as number);
    const answered = scope(() => {
      const attacked = attack.inputs(loader.batch(index), { labels: own, index, epoch: 0 });
      return answersTo(attacked).to("int32").data();
    });
    survivors += own.filter((label, i) => answered[i] === label).length;
    await setImmediate();
  }
  return survivors / chosen.length;
}
