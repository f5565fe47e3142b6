// What an attack asks of the network: its answers, and the slope of a loss by the pixels.
import { enableGrad, grad, noGrad, ops, scope, type Tensor } from "../../torch/index.js";
import type { Classifier } from "../types.js";
import { fullPrecision } from "./losses.js";

/** Logits (n, classes) without a graph, in float32 or, from a float64 network, float64. */
export function answer(model: Classifier, images: Tensor): Tensor {
  return scope(() => noGrad(() => fullPrecision(model(images))));
}

export interface Slope {
  readonly logits: Tensor;
  /** (n) */
  readonly losses: Tensor;
  /** d losses_i / d images_i, of the images' shape; zero where the network passes none back. */
  readonly gradient: Tensor;
}

/** The losses (n) of the images' logits, and their gradient by the images alone: parameters keep the gradients they have. */
export function slopeAt(model: Classifier, images: Tensor, loss: (logits: Tensor) => Tensor): Slope {
  return scope(() =>
    enableGrad(() => {
      const input = images.detach();
      input.requiresGrad = true;
      const logits = fullPrecision(model(input));
      const losses = loss(logits);
      const gradient = losses.requiresGrad ? grad(losses.sum(), input)[0] : null;
      return { logits: logits.detach(), losses: losses.detach(), gradient: gradient ?? ops.zerosLike(images) };
    }),
  );
}
