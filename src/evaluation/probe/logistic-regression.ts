// Multinomial logistic regression on fixed features, by L-BFGS.
import { ops, optim, scope, type Tensor } from "../../torch/index.js";

export interface LogisticProblem {
  /** (n, size), in the precision to compute in. */
  readonly features: Tensor;
  /** int64 (n), from 0 to classes - 1. */
  readonly labels: Tensor;
  readonly classes: number;
  /** L2 regularization of the weights. */
  readonly l2: number;
}

export interface LogisticOptions {
  /** The parameters to begin at: (size x classes + classes) (default: zeros). */
  readonly start?: Tensor;
  readonly iterations?: number;
  readonly tolerance?: number;
}

/** Logits in memory at once: 64 MB of them. */
const maxLogits = 1 << 24;

/** The (size, classes) weights and the (classes) biases, views into the one tensor of parameters. */
function partsOf(parameters: Tensor, size: number, classes: number) {
  const weight = parameters.narrow(0, 0, size * classes).view([size, classes]);
  return { weight, bias: parameters.narrow(0, size * classes, classes) };
}

/** The starts of row blocks whose logits stay within the memory limit. */
function chunksOf(samples: number, classes: number): [number, number][] {
  const most = Math.max(1, Math.floor(maxLogits / classes));
  const starts = Array.from({ length: Math.ceil(samples / most) }, (_, i) => i * most);
  return starts.map((start) => [start, Math.min(most, samples - start)]);
}

/**
 * The loss of a linear classifier by its parameters, the weights' columns then the biases, and its gradient:
 *
 * f(W, b) = 1/n sum_i H(y_i, softmax(W'x_i + b)) + l2/2 |W|^2
 */
export function logisticLoss({ features, labels, classes, l2 }: LogisticProblem): optim.SmoothFunction {
  const [samples, size] = features.shape as [number, number];
  return (parameters) => {
    const { weight, bias } = partsOf(parameters, size, classes);
    const gradient = ops.zerosLike(parameters);
    const by = partsOf(gradient, size, classes);
    let sum = 0;
    for (const [start, count] of chunksOf(samples, classes)) {
      scope(() => {
        const [rows, targets] = [features.narrow(0, start, count), labels.narrow(0, start, count).unsqueeze(1)];
        const logProbabilities = bias.addmm(rows, weight).logSoftmax(1);
        sum -= logProbabilities.gather(1, targets).sum({ dtype: "float64" }).item();
        const excess = logProbabilities.exp();
        excess.scatterAdd_(1, targets, ops.fullLike(targets, -1, { dtype: excess.dtype }));
        by.weight.add_(rows.t().matmul(excess));
        by.bias.add_(excess.sum([0]));
      });
    }
    gradient.div_(samples);
    by.weight.add_(weight, { alpha: l2 });
    return { value: sum / samples + (l2 / 2) * weight.square().sum().item(), gradient };
  };
}

/** The parameters that minimize `logisticLoss`, which is strictly convex. The caller releases them. */
export function fitLogistic(
  problem: LogisticProblem,
  { start, iterations = 1000, tolerance = 1e-5 }: LogisticOptions = {},
): optim.Minimum {
  const { features, classes } = problem;
  const parameters = ((features.shape[1] as number) + 1) * classes;
  return scope(() => {
    const from = start ?? ops.zeros([parameters], { dtype: features.dtype, device: features.device });
    return optim.lbfgs(logisticLoss(problem), from, { iterations, tolerance });
  });
}

/** Predicted classes, (n). */
export function predictClasses(parameters: Tensor, features: Tensor, classes: number): Int32Array {
  const [samples, size] = features.shape as [number, number];
  return scope(() => {
    const { weight, bias } = partsOf(parameters, size, classes);
    const predictions = new Int32Array(samples);
    for (const [start, count] of chunksOf(samples, classes)) {
      const logits = scope(() => bias.addmm(features.narrow(0, start, count), weight).argmax({ dim: 1 }));
      predictions.set(Array.from(logits.data(), Number), start);
    }
    return predictions;
  });
}
