// Gaussian blur of a batch, each image by its own deviation: rows and columns are products with matrices.
import { type Tensor, tensor } from "../../torch/index.js";

/** exp(-(i / sigma)^2 / 2) for i from -radius to radius, scaled to sum 1. */
export function gaussian(sigma: number, radius: number): number[] {
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-0.5 * ((i - radius) / sigma) ** 2));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** The pixel for a position up to size - 1 beyond either edge; the pixel on the edge is not repeated. */
function reflected(position: number, size: number): number {
  const inside = Math.abs(position);
  return inside < size ? inside : 2 * (size - 1) - inside;
}

/** The source pixel of each tap of each target pixel, one-hot: (taps, size * size). */
function tapMatrix(size: number, radius: number, device: string): Tensor {
  const taps = 2 * radius + 1;
  const matrix = new Float32Array(taps * size * size);
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < size; i++) matrix[(tap * size + i) * size + reflected(i + tap - radius, size)] = 1;
  }
  return tensor(matrix, { shape: [taps, size * size], device });
}

/**
 * Images (n, channels, size, size), blurred by `sigma` pixels each over a square of 2 radius + 1, reflected beyond their
 * edges. `radius` is less than size.
 */
export function blurImages(images: Tensor, sigma: readonly number[], radius: number): Tensor {
  const [n, , , size] = images.shape as [number, number, number, number];
  const kernels = Float32Array.from(sigma.flatMap((deviation) => gaussian(deviation, radius)));
  const weights = tensor(kernels, { shape: [n, 2 * radius + 1], device: images.device });
  const matrices = weights.matmul(tapMatrix(size, radius, images.device)).reshape([n, 1, size, size]);
  return matrices.matmul(images).matmul(matrices.transpose(2, 3));
}
