// The target network of a method and its momentum schedule.
import { risingMomentum, type TargetNetwork } from "../objectives/index.js";
import type { MethodContext } from "./method.js";

/** @throws Error where the run made none, which its method's declaration asks for. */
export function requireTargetNetwork({ targetNetwork }: MethodContext): TargetNetwork {
  if (targetNetwork === null) throw new Error("this method needs a target network; declare it in its method file");
  return targetNetwork;
}

interface Ema {
  readonly encoderMomentum: number;
  readonly encoderSchedule: "constant" | "cosine";
}

/** The target network, and the fraction of it that a step keeps, by how much of training is done. */
export const emaTargetOf = (context: MethodContext, { encoderMomentum, encoderSchedule }: Ema) => ({
  targetNetwork: requireTargetNetwork(context),
  encoderMomentum: encoderSchedule === "cosine" ? risingMomentum(encoderMomentum) : () => encoderMomentum,
});

interface Storage {
  readonly targetsDtype: "float32" | "float16";
  readonly targetsDevice: "device" | "host";
}

/** The type and the device of the targets that a method keeps per sample. */
export const storage = ({ device }: MethodContext, { targetsDtype, targetsDevice }: Storage) => ({
  dtype: targetsDtype,
  device: targetsDevice === "host" ? "cpu" : device,
});
