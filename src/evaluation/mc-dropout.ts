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
 * A network without dropout has half of the features dropped that its last layer reads. What is dropped is keyed by the seed
 * and the batch's first sample. The mean is Gal and Ghahramani's predictive distribution; others take minus the variance.
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
  const createPass = withDropout(model);
  try {
    for await (const { index, step, images } of loader.batches({ indices, batchSize, unreadable: "gray" })) {
      const start = step * batchSize;
      manualSeed(randomFrom(seed, start, "mc-dropout").integer(2 ** 31), device);
      const agreement = scope(() =>
        noGrad(() => {
          const predictedClass = tensor(predictedClasses.subarray(start, start + index.length))
            .to("int64")
            .to(device)
            .unsqueeze(1);
          const pass = createPass(images, compute);
          return meanAgreement(pass, predictedClass, { classes, passes, temperature }).data() as Float64Array;
        }),
      );
      confidence.set(agreement, start);
      await setImmediate();
    }
  } finally {
    model.train(training);
  }
  return confidence;
}

/** A stochastic forward pass over a batch. */
type CreatePass = (images: Tensor, compute: EvaluateOptions["compute"]) => () => Tensor;

/** Puts all modules but dropout in evaluation mode; returns the forward pass. */
function withDropout(model: Network): CreatePass {
  model.eval();
  const dropouts = [...model.namedModules()].flatMap(([, module]) =>
    module instanceof nn.Dropout || module instanceof nn.Dropout2d ? [module] : [],
  );
  for (const module of dropouts) module.train();
  if (dropouts.length > 0) return (images, compute) => () => compute(() => model.forward(images));
  return (images, compute) => {
    const features = compute(() => model.embed(images));
    return () => compute(() => model.classify(ops.dropout(features, injectedDropout, true)));
  };
}

function meanAgreement(
  pass: () => Tensor,
  predictedClass: Tensor,
  { classes, passes, temperature }: { classes: number; passes: number; temperature: number },
): Tensor {
  const total = ops.zeros([predictedClass.size], { dtype: "float64", device: predictedClass.device });
  for (let i = 0; i < passes; i++) {
    scope(() => {
      const logits = pass().narrow(1, 0, classes).to("float64").div(temperature);
      total.add_(logits.softmax(1).gather(1, predictedClass).squeeze(1));
    });
  }
  return total.div(passes);
}
