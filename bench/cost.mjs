// @ts-check
// The minimum operations and memory traffic of a training step of convolutions.

/**
 * @typedef {{ inputs: number, outputs: number, kernel: number, stride: number, padding: number, height: number, width: number }} Convolution
 */

const FLOAT32_BYTES = 4;

/** Forward: written, read. Backward: read twice; its gradient written, read. docs/benchmarks.md says by whom. */
const ACTIVATION_PASSES = 6;

/** The weight read and written, its gradient written and read, its momentum read and written. */
const PARAMETER_PASSES = 6;

/** @param {number} size @param {Convolution} convolution */
const outputSize = (size, { kernel, stride, padding }) => Math.floor((size + 2 * padding - kernel) / stride) + 1;

/**
 * Pairs of an output position and a tap that lies inside of the image, along one side.
 * @param {number} size
 * @param {Convolution} convolution
 */
function taps(size, convolution) {
  const { kernel, stride, padding } = convolution;
  let inside = 0;
  for (let at = 0; at < outputSize(size, convolution); at++) {
    const start = at * stride - padding;
    inside += Math.min(start + kernel, size) - Math.max(start, 0);
  }
  return inside;
}

/** @param {Convolution} convolution */
function multiplyAdds(convolution) {
  const { inputs, outputs, height, width } = convolution;
  return inputs * outputs * taps(height, convolution) * taps(width, convolution);
}

const TILE = 4;

/**
 * Multiply-adds of Winograd's F(4 x 4, 3 x 3), 36 a tile of the output, or 81 with a stride of 2; of other convolutions those of all
 * taps.
 * @param {Convolution} convolution
 */
export function winogradMultiplyAdds(convolution) {
  const { inputs, outputs, kernel, stride, padding, height, width } = convolution;
  if (kernel !== 3 || padding !== 1 || stride > 2) return multiplyAdds(convolution);
  const tiles = [height, width].map((size) => Math.ceil(outputSize(size, convolution) / TILE));
  return inputs * outputs * (stride === 1 ? 36 : 81) * tiles.reduce((product, count) => product * count);
}

/**
 * Operations of a step, two a multiply-add: every convolution forward, to its weights and, but for the first, to its input;
 * taps on the padding are not counted.
 * @param {readonly Convolution[]} convolutions in the order in which they compute
 * @param {number} batchSize
 * @param {(convolution: Convolution) => number} count multiply-adds of a convolution; the first, of few channels, has no shortcut
 */
export function stepOperations(convolutions, batchSize, count = multiplyAdds) {
  const perImage = convolutions.reduce((sum, each, i) => sum + (i === 0 ? 2 * multiplyAdds(each) : 3 * count(each)), 0);
  return 2 * batchSize * perImage;
}

/**
 * Bytes that a step moves at least: every convolution's output, every parameter in float32.
 * @param {readonly Convolution[]} convolutions
 * @param {number} batchSize
 * @param {number} parameters
 * @param {2 | 4} valueBytes of a convolution's output
 */
export function stepBytes(convolutions, batchSize, parameters, valueBytes) {
  const values = convolutions.reduce(
    (sum, each) => sum + each.outputs * outputSize(each.height, each) * outputSize(each.width, each),
    0,
  );
  return ACTIVATION_PASSES * valueBytes * batchSize * values + PARAMETER_PASSES * FLOAT32_BYTES * parameters;
}
