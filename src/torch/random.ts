// The random state of each device's default stream.
import { checkedSeed } from "./generator.js";
import { native } from "./native.js";
import { type Device, Tensor } from "./tensor.js";

/** Seeds the device's default random stream. @throws Error unless the seed is a whole number from 0 to 2^53 - 1. */
export function manualSeed(seed: number, device: Device = "cpu"): void {
  native.manualSeed(device, checkedSeed(seed));
}

/** The state of the device's default random stream, a tensor of bytes. */
export function randomState(device: Device = "cpu"): Tensor {
  return new Tensor(native.randomState(device));
}

/** Sets the device's default random stream to a state of `randomState`. @throws Error for anything else. */
export function setRandomState(state: Tensor, device: Device = "cpu"): void {
  if (!(state instanceof Tensor))
    throw new TypeError(`setRandomState takes a tensor of bytes, received ${typeof state}`);
  native.setRandomState(device, state.handle);
}
