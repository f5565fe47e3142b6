// Networks for objectives under test: outputs that are given, or any function, without modes.
import type { Forward } from "../../src/objectives/index.js";
import type { Tensor } from "../../src/torch/index.js";

/** A function of the images as the network in training. */
export function forwardOf(network: (images: Tensor) => Tensor): Forward {
  return Object.assign((images: Tensor) => network(images), { evaluating: <T>(body: () => T): T => body() });
}

/** A network whose first (or `nth`) call outside of an attack gives `outputs`; attacks and other calls see `network`. */
export function givenOutputs(outputs: Tensor, network: (images: Tensor) => Tensor = () => outputs, nth = 1): Forward {
  let [attacked, calls] = [false, 0];
  const forward = (images: Tensor) => {
    if (attacked) return network(images);
    calls += 1;
    return calls === nth ? outputs : network(images);
  };
  return Object.assign(forward, {
    evaluating<T>(body: () => T): T {
      attacked = true;
      try {
        return body();
      } finally {
        attacked = false;
      }
    },
  });
}
