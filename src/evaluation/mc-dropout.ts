// Monte Carlo dropout: confidence averaged over forward passes with dropout active.
import { setImmediate } from "node:timers/promises";
import { randomFrom } from "../data/index.js";
import { InputError } from "../errors.js";
import { predictions } from "../metrics/index.js";
import type { Network } from "../models/index.js";
import { manualSeed, nn, noGrad, ops, scope, type Tensor, tensor } from "../torch/index.js";
import type { EvaluateOptions, Evaluation } from "./evaluate.js";

export interface DropoutOptions extends Omit<EvaluateOptions, "labels"> {
  readonly model: Network;
  /** Forward passes per sample. */
  readonly passes: number;
  readonly seed: number;
  readonly device: string;
  readonly temperature?: number;
}

/** Dropout rate of the last layer's input in a network without dropout. */
const injectedDropout = 0.5;

/**
 * The confidence `mc-dropout`: (samples), the probability of the predicted class averaged over `passes` forward passes with
 * dropout active and everything else in evaluation mode. The prediction itself is made without dropout: argmax of `logits`.
 *
 * k_i = 1/T sum_t softmax(z_i^(t))_{a_i},  a_i = argmax_j z_ij
 *
 * A network without dropout has half of the features dropped that its last layer reads. What a pass drops is keyed by the seed alone: it
 * is the same for every sample, whichever others are in its batch. The mean is Gal and Ghahramani's predictive distribution; others
 * take minus the variance.
 * @throws InputError for fewer than one pass.
 * @see Gal and Ghahramani 2016 (arXiv 1506.02142); Ledda et al. 2023 (arXiv 2302.02924) for dropout that was not trained with
 */
export async function dropoutConfidence(
  { logits }: Pick<Evaluation, "logits">,
  options: DropoutOptions,
): Promise<Float64Array> {
  const { model, loader, indices, classes, compute, passes, seed, device, temperature = 1, batchSize = 256 } = options;
  if (!(Number.isInteger(passes) && passes >= 1)) {
    throw new InputError(`MC dropout of ${passes} passes; expected a whole number of at least 1`);
  }
  const predictedClasses = predictions(logits, indices.length, classes);
  const confidence = new Float64Array(indices.length);
  const training = model.training;
  model.eval();
  const answer = { model, compute, classes, passes, temperature, reseed: () => manualSeed(firstDraw(seed), device) };
  try {
    for await (const { index, step, images } of loader.batches({ indices, batchSize, unreadable: "gray" })) {
      const start = step * batchSize;
      const answers = predictedClasses.subarray(start, start + index.length);
      confidence.set(
        scope(() => noGrad(() => meanAgreement(images, answers, answer))),
        start,
      );
      await setImmediate();
    }
  } finally {
    model.train(training);
  }
  return confidence;
}

const firstDraw = (seed: number) => randomFrom(seed, "mc-dropout").integer(2 ** 31);

interface Answer extends Pick<DropoutOptions, "model" | "compute" | "classes" | "passes"> {
  readonly temperature: number;
  /** Begins the same random draws again. */
  readonly reseed: () => void;
}

/** Copies of a sample that pass through the network at a time. */
const copiesAtOnce = 32;

/** (samples): of each the mean probability of its predicted class. */
function meanAgreement(images: Tensor, answers: Int32Array, answer: Answer): Float64Array {
  const dropouts = [...answer.model.namedModules()].flatMap(([, module]) =>
    module instanceof nn.Dropout || module instanceof nn.Dropout2d ? [module] : [],
  );
  if (dropouts.length === 0) return injectedAgreement(images, answers, answer);
  // Nothing else runs until dropout is off again.
  for (const module of dropouts) module.train();
  try {
    return Float64Array.from(answers, (predicted, i) => ownAgreement(images.narrow(0, i, 1), predicted, answer));
  } finally {
    for (const module of dropouts) module.eval();
  }
}

/** Of one sample, by the network's own dropout: the passes are a batch of its copies. */
function ownAgreement(image: Tensor, predicted: number, answer: Answer): number {
  const { model, compute, classes, passes, temperature, reseed } = answer;
  reseed();
  let total = 0;
  for (let first = 0; first < passes; first += copiesAtOnce) {
    const count = Math.min(copiesAtOnce, passes - first);
    total += scope(() => {
      const copies = image.expand([count, ...image.shape.slice(1)]).contiguous();
      const logits = compute(() => model.forward(copies));
      return probabilitiesOf(logits, { classes, temperature }).narrow(1, predicted, 1).sum().item();
    });
  }
  return total / passes;
}

/** Of a batch, by dropping the same features of every sample. */
function injectedAgreement(images: Tensor, answers: Int32Array, answer: Answer): Float64Array {
  const { model, compute, classes, passes, temperature, reseed } = answer;
  const { device } = images;
  const features = compute(() => model.embed(images));
  const predicted = tensor(answers).to("int64").to(device).unsqueeze(1);
  const total = ops.zeros([answers.length], { dtype: "float64", device });
  reseed();
  for (let i = 0; i < passes; i++) {
    scope(() => {
      const kept = ops.dropout(ops.onesLike(features.narrow(0, 0, 1)), injectedDropout, true);
      const logits = compute(() => model.classify(features.mul(kept)));
      total.add_(probabilitiesOf(logits, { classes, temperature }).gather(1, predicted).squeeze(1));
    });
  }
  return total.div(passes).data() as Float64Array;
}

/** The probabilities of the classes, without further outputs. */
const probabilitiesOf = (logits: Tensor, { classes, temperature }: Pick<Answer, "classes" | "temperature">) =>
  logits.narrow(1, 0, classes).to("float64").div(temperature).softmax(1);
