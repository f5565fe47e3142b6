// Logits, and gradients of losses with respect to the pixels.
import { fullPrecision } from "../../torch/full-precision.js";
import { enableGrad, grad, noGrad, ops, scope, type Tensor } from "../../torch/index.js";
import type { Classifier } from "../types.js";

/** Logits (n, classes) without a graph, in float32 or, from a float64 network, float64. */
export function logitsOf(model: Classifier, images: Tensor): Tensor {
  return scope(() => noGrad(() => fullPrecision(model(images))));
}

export interface LossGradient {
  readonly logits: Tensor;
  /** (n) */
  readonly losses: Tensor;
  /** d losses_i / d images_i, of the images' shape; zero where the network passes none back. */
  readonly gradient: Tensor;
}

/** The losses (n) of the images' logits, and their gradient by the images alone: parameters keep the gradients they have. */
export function lossGradient(model: Classifier, images: Tensor, loss: (logits: Tensor) => Tensor): LossGradient {
  return scope(() => {
    const { logits, gradients } = lossGradients(model, images, (z) => [loss(z)]);
    return { logits, ...(gradients[0] as Omit<LossGradient, "logits">) };
  });
}

/** The same for several losses of the same logits: one forward pass, and a backward pass for each loss. */
export function lossGradients(
  model: Classifier,
  images: Tensor,
  losses: (logits: Tensor) => readonly Tensor[],
): { readonly logits: Tensor; readonly gradients: readonly Omit<LossGradient, "logits">[] } {
  return scope(() =>
    enableGrad(() => {
      const input = images.detach();
      input.requiresGrad = true;
      const logits = fullPrecision(model(input));
      const all = losses(logits);
      const gradients = all.map((values, i) => {
        const retainGraph = i < all.length - 1;
        const gradient = values.requiresGrad ? grad(values.sum(), input, { retainGraph })[0] : null;
        return { losses: values.detach(), gradient: gradient ?? ops.zerosLike(images) };
      });
      return { logits: logits.detach(), gradients };
    }),
  );
}
