// The inner maximization of adversarial training.

import { requirePositive } from "../options/ranges.js";
import { enableGrad, grad, noGrad, scope, type Tensor, tensor } from "../torch/index.js";
import type { Forward } from "./types.js";

/** The paper's attack: radius and step in pixel values from 0 to 1. */
export const attackDefaults = { epsilon: 0.031, attackSteps: 10, attackStepSize: 0.007 } as const;

/** The step of an attack within a radius, in the proportion of the defaults: ten steps reach the radius about twice. */
export const attackStepFor = (epsilon: number) => attackDefaults.attackStepSize * (epsilon / attackDefaults.epsilon);

export interface AdversarialOptions {
  /** e, the largest change of a pixel (0 to 1). */
  readonly epsilon?: number | undefined;
  readonly attackSteps?: number | undefined;
  /** s, the change of a pixel in one step. */
  readonly attackStepSize?: number | undefined;
  /** Mean and standard deviation of each channel (default: none, inputs are pixels from 0 to 1). */
  readonly normalization?: { readonly mean: readonly number[]; readonly std: readonly number[] } | undefined;
  /** The start of the attack (default: that of the method). */
  readonly start?: ((pixels: Tensor) => Tensor) | undefined;
}

/** The loss that an attack maximizes: of the network's outputs, summed over the batch. */
export type Gain = (outputs: Tensor) => Tensor;

/**
 * Perturbs network inputs (n, channels, height, width) to increase the loss that `gainOf` returns for the clean images. The
 * network is in evaluation mode meanwhile, and its parameters get no gradient. With x the pixels:
 *
 * x'_0 = start(x);  x'_k+1 = clip_[0, 1]( clip_[x - e, x + e]( x'_k + s sign(d gain / d x'_k) ) )
 *
 * The ball is in pixel space: the normalization (x' - mean) / std is a part of the attacked function. Without it, or with
 * mean 0 and deviation 1, the input equals the pixels bit for bit.
 * @throws RangeError when the radius, the step size or the number of steps is not positive.
 */
export function innerAttack(options: AdversarialOptions, defaultStart: (pixels: Tensor) => Tensor) {
  const { start = defaultStart } = options;
  const {
    epsilon = attackDefaults.epsilon,
    attackSteps = attackDefaults.attackSteps,
    attackStepSize = attackStepFor(epsilon),
  } = options;
  requirePositive("epsilon", epsilon);
  requirePositive("attackSteps", attackSteps);
  requirePositive("attackStepSize", attackStepSize);

  /** Updates `moving` in place, so that a step allocates nothing that outlives it. */
  function step(moving: Tensor, low: Tensor, high: Tensor, gain: (pixels: Tensor) => Tensor): void {
    const [slope] = enableGrad(() => grad(gain(moving), moving)) as [Tensor];
    noGrad(() => {
      const moved = moving.add(slope.sign(), { alpha: attackStepSize });
      moving.copy_(moved.clamp({ min: low, max: high }).clamp({ min: 0, max: 1 }));
    });
  }

  return (network: Forward, images: Tensor, gainOf: (images: Tensor) => Gain): Tensor =>
    scope(() =>
      network.evaluating(() => {
        const { toPixels, toInput } = pixelSpace(options.normalization, images);
        const pixels = toPixels(images);
        const gain = gainOf(images);
        const [low, high] = [pixels.sub(epsilon), pixels.add(epsilon)];
        const moving = start(pixels).clone();
        moving.requiresGrad = true;
        for (let i = 0; i < attackSteps; i++) {
          scope(() => step(moving, low, high, (at) => gain(network(toInput(at)))));
        }
        return noGrad(() => toInput(moving)).detach();
      }),
    );
}

/**
 * Conversion between network input, (pixel - mean) / std by channel, and pixels from 0 to 1; the identity without a
 * normalization.
 */
export function pixelSpace(normalization: AdversarialOptions["normalization"], { dtype, device }: Tensor) {
  if (normalization === undefined) return { toPixels: (images: Tensor) => images, toInput: (pixels: Tensor) => pixels };
  const perChannel = (values: readonly number[]) =>
    tensor([...values], { shape: [1, values.length, 1, 1], dtype }).to(device);
  const [mean, std] = [perChannel(normalization.mean), perChannel(normalization.std)];
  return {
    toPixels: (images: Tensor) => images.mul(std).add_(mean).clamp({ min: 0, max: 1 }),
    toInput: (pixels: Tensor) => pixels.sub(mean).div(std),
  };
}
