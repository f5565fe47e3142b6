// @ts-check
// The least that a training step of convolutions must compute and move.

/**
 * @typedef {{ inputs: number, outputs: number, kernel: number, stride: number, padding: number, height: number, width: number }} Convolution
 */

const BFLOAT16_BYTES = 2;
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

/**
 * Operations of a step, two a multiply-add: every convolution forward, to its weights and, but for the first, to its input;
 * taps on the padding are not counted.
 * @param {readonly Convolution[]} convolutions in the order in which they compute
 * @param {number} batchSize
 */
export function stepOperations(convolutions, batchSize) {
  const perImage = convolutions.reduce((sum, each, i) => sum + (i === 0 ? 2 : 3) * multiplyAdds(each), 0);
  return 2 * batchSize * perImage;
}

/**
 * Bytes that a step moves at least: every convolution's output in bfloat16, every parameter in float32.
 * @param {readonly Convolution[]} convolutions
 * @param {number} batchSize
 * @param {number} parameters
 */
export function stepBytes(convolutions, batchSize, parameters) {
  const values = convolutions.reduce(
    (sum, each) => sum + each.outputs * outputSize(each.height, each) * outputSize(each.width, each),
    0,
  );
  return ACTIVATION_PASSES * BFLOAT16_BYTES * batchSize * values + PARAMETER_PASSES * FLOAT32_BYTES * parameters;
}
