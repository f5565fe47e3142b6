// What methods of adversarial training share: the search for the worst image near each.

import { requirePositive } from "../options/ranges.js";
import { enableGrad, grad, noGrad, scope, type Tensor, tensor } from "../torch/index.js";
import type { Forward } from "./types.js";

/** The paper's attack: radius and step in pixel values from 0 to 1. */
export const attackDefaults = { epsilon: 0.031, attackSteps: 10, attackStepSize: 0.007 } as const;

export interface AdversarialOptions {
  /** e, how far a pixel, from 0 to 1, may move. */
  readonly epsilon?: number | undefined;
  readonly attackSteps?: number | undefined;
  /** s, how far a step moves a pixel. */
  readonly attackStepSize?: number | undefined;
  /** What images were normalized by, channel by channel; the network is given pixels from 0 to 1 where nothing is said. */
  readonly normalization?: { readonly mean: readonly number[]; readonly std: readonly number[] } | undefined;
  /** Where the search begins; as the method says unless given. */
  readonly start?: ((pixels: Tensor) => Tensor) | undefined;
}

/** What an attack drives up: a loss of the network's outputs, summed over the batch. */
export type Gain = (outputs: Tensor) => Tensor;

/**
 * Gives images of network input, (n, channels, height, width), moved to where a loss is higher; `gainOf` says which, by the
 * images as they are. The network is in evaluation mode meanwhile, and its parameters get no gradient. With x the pixels:
 *
 * x'_0 = start(x);  x'_k+1 = clip_[0, 1]( clip_[x - e, x + e]( x'_k + s sign(d gain / d x'_k) ) )
 *
 * It searches among pixels, whatever the network is given: (x' - mean) / std is a part of what is attacked. Without a
 * normalization, or with mean 0 and deviation 1, pixels are the input to the last bit.
 * @throws RangeError when a radius, a step's size or the number of steps is not over 0.
 */
export function innerAttack(options: AdversarialOptions, usualStart: (pixels: Tensor) => Tensor) {
  const { start = usualStart } = options;
  const {
    epsilon = attackDefaults.epsilon,
    attackSteps = attackDefaults.attackSteps,
    attackStepSize = attackDefaults.attackStepSize,
  } = options;
  requirePositive("epsilon", epsilon);
  requirePositive("attackSteps", attackSteps);
  requirePositive("attackStepSize", attackStepSize);

  /** Moves `moving` in place, so that no step leaves anything behind. */
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
 * From what a network is given, (pixel - mean) / std by channel, to pixels from 0 to 1, and back; without a normalization both
 * are the same.
 * @param like of the element type and on the device of the images
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
