// Scales the settings of self-adaptive targets with the width of the network.

export interface TargetSettings {
  readonly targetMomentum: number;
  readonly startEpoch: number;
}

/** The momentum of the targets for a network of base width b: m^(1/f), f = 64 / b, and m for wider ones, which the rule is not for. */
export const momentumForWidth = (momentum: number, width: number) => momentum ** Math.min(1, width / 64);

/**
 * The settings for a network of base width b, scaled from those for 64: with f = 64 / b the momentum is m^(1/f), and the start
 * is f times as late, rounded down. Narrow networks learn more slowly.
 * @see the authors' published code
 */
export function widthRule({ targetMomentum, startEpoch }: TargetSettings, width: number): TargetSettings {
  return {
    targetMomentum: momentumForWidth(targetMomentum, width),
    startEpoch: Math.floor((startEpoch * 64) / width),
  };
}

/** The paper's momentum of self-adaptive targets, 0.9 with augmentation and 0.7 without, for a network of this width. */
export const selfAdaptiveMomentum = (augment: string, width: number) =>
  momentumForWidth(augment === "none" ? 0.7 : 0.9, width);
