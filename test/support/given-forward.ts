// Networks for objectives under test: outputs that are given, or any function, without modes.
import type { Forward } from "../../src/objectives/index.js";
import type { Tensor } from "../../src/torch/index.js";

/** A function of the images as the network in training. */
export function forwardOf(network: (images: Tensor) => Tensor): Forward {
  return Object.assign((images: Tensor) => network(images), { evaluating: <T>(body: () => T): T => body() });
}

/** A network whose first call outside of an attack gives `outputs`; attacks, and calls after it, see `network`. */
export function givenOutputs(outputs: Tensor, network: (images: Tensor) => Tensor = () => outputs): Forward {
  let [attacked, given] = [false, false];
  const forward = (images: Tensor) => {
    if (attacked || given) return network(images);
    given = true;
    return outputs;
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
