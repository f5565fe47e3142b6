// RandAugment on the images of a batch, and random erasing on the network's input.
import { noGrad, type Tensor, tensor } from "../../../torch/index.js";
import { randomFrom } from "../../random.js";
import type { Located } from "../store.js";
import { type AutoAugment, autoAugment } from "./auto-augment.js";

/** What the draws of a sample are keyed by, besides the sample. */
export interface BatchKey {
  readonly seed: number;
  readonly epoch: number;
  readonly view: number;
}

/** The images of a batch, bytes (n, channels, height, width), each augmented by its own draws. */
export function autoAugmented({ values, rows }: Located, index: Int32Array, key: BatchKey, how: AutoAugment): Located {
  const { device } = values;
  const chosen = values.indexSelect(0, tensor(rows).to(device));
  const shape = chosen.shape as [number, number, number, number];
  const [, channels, height, width] = shape;
  const bytes = chosen.contiguous().to("cpu").data() as Uint8Array;
  const size = channels * height * width;
  const augmented = new Uint8Array(bytes.length);
  index.forEach((sample, i) => {
    const image = { pixels: bytes.slice(i * size, (i + 1) * size), channels, height, width };
    const random = randomFrom(key.seed, key.epoch, "auto-augment", key.view, sample);
    augmented.set(autoAugment(image, how, random).pixels, i * size);
  });
  return { values: tensor(augmented, { shape: [...shape], device }), rows: Int32Array.from(index.keys()) };
}

/** The fraction of an image's area that is erased, and its height over its width, as in the paper. */
const [scale, ratio] = [[0.02, 0.33] as const, [0.3, 3.3] as const];
const mostTrials = 10;

/**
 * Sets a rectangle of some inputs (n, channels, height, width) to 0, the mean of the data, in place.
 * @param probability of erasing in an image
 * @see Zhong et al. 2017 (arXiv 1708.04896)
 */
export function erased(images: Tensor, index: Int32Array, key: BatchKey, probability: number): Tensor {
  const [, , height, width] = images.shape as [number, number, number, number];
  index.forEach((sample, i) => {
    const random = randomFrom(key.seed, key.epoch, "erasing", key.view, sample);
    if (random.uniform() >= probability) return;
    for (let trial = 0; trial < mostTrials; trial++) {
      const area = height * width * (scale[0] + (scale[1] - scale[0]) * random.uniform());
      const shape = Math.exp(Math.log(ratio[0]) + (Math.log(ratio[1]) - Math.log(ratio[0])) * random.uniform());
      const [down, across] = [Math.round(Math.sqrt(area * shape)), Math.round(Math.sqrt(area / shape))];
      if (down >= height || across >= width) continue;
      const [top, left] = [random.integer(height - down + 1), random.integer(width - across + 1)];
      noGrad(() => void images.narrow(0, i, 1).narrow(2, top, down).narrow(3, left, across).mul_(0));
      return;
    }
  });
  return images;
}
