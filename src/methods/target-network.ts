// The target network of a method that declares one, and how it follows.
import { risingMomentum, type SlowNetwork } from "../objectives/index.js";
import type { MethodContext } from "./method.js";

/** @throws Error where the run made none, which its method's declaration asks for. */
export function requireTargetNetwork({ targetNetwork }: MethodContext): SlowNetwork {
  if (targetNetwork === null) throw new Error("this method needs a target network; declare it in its method file");
  return targetNetwork;
}

interface Ema {
  readonly slowMomentum: number;
  readonly slowSchedule: "constant" | "cosine";
}

/** The target network, and the fraction of it that a step keeps, by how much of training is done. */
export const followed = (context: MethodContext, { slowMomentum, slowSchedule }: Ema) => ({
  slow: requireTargetNetwork(context),
  slowMomentum: slowSchedule === "cosine" ? risingMomentum(slowMomentum) : () => slowMomentum,
});

interface Storage {
  readonly targetsDtype: "float32" | "float16";
  readonly targetsDevice: "device" | "host";
}

export const storage = ({ device }: MethodContext, { targetsDtype, targetsDevice }: Storage) => ({
  dtype: targetsDtype,
  device: targetsDevice === "host" ? "cpu" : device,
});
