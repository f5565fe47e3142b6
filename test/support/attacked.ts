// A small network and images for attacks to try themselves on.
import type { AttackBatch } from "../../src/attacks/index.js";
import { randomFrom } from "../../src/data/index.js";
import { type DType, keep, manualSeed, nn, noGrad, scope, type Tensor, tensor } from "../../src/torch/index.js";

export const classes = 5;
export const samples = 12;
const [channels, side] = [3, 6];

/** Images of random pixels. */
function randomImages(seed: number, dtype: DType): Tensor {
  const random = randomFrom(seed, "attacked");
  const values = Float64Array.from({ length: samples * channels * side ** 2 }, () => random.uniform());
  return keep(tensor(values, { shape: [samples, channels, side, side], dtype }));
}

/** A network in evaluation mode that answers these images with every class: its last bias takes their mean logits away. */
function smallNetwork(seed: number, images: Tensor): nn.Module {
  manualSeed(seed);
  const last = new nn.Linear(8 * 2 * 2, classes);
  const network = new nn.Sequential(
    new nn.Conv2d(channels, 8, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.Conv2d(8, 8, 3, { stride: 2 }),
    new nn.ReLU(),
    new nn.Flatten(),
    last,
  );
  network.to(images.dtype).eval();
  scope(() => noGrad(() => last.bias?.sub_(network.forward(images).mean(0))));
  return network;
}

export interface Attacked {
  readonly network: nn.Module;
  readonly batch: AttackBatch;
}

/** The labels are the network's own answers but for the samples at `wrong`, which it is wrong about from the start. */
export function attacked(dtype: DType, wrong: readonly number[] = []): Attacked {
  const images = randomImages(3, dtype);
  const network = smallNetwork(3, images);
  const answers = scope(() => noGrad(() => network.forward(images).argmax({ dim: 1 }).data()));
  const labels = Array.from(answers as BigInt64Array, Number).map((answer, i) =>
    wrong.includes(i) ? (answer + 1) % classes : answer,
  );
  const index = Int32Array.from(labels, (_, i) => 100 + 7 * i);
  return { network, batch: { images, labels: keep(tensor(labels, { dtype: "int64" })), index } };
}
