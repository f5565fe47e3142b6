// The pieces that all convolutional networks are made of. Networks say them through these functions only, so that
// another implementation of a piece (a fused kernel) has one place to go.
import { nn, ops, scope, type Tensor } from "../torch/index.js";
import { recording } from "../torch/recorder.js";

/** A convolution without bias, as one goes before batch norm: odd kernel, size kept at stride 1, He's initialisation. */
export function convolution(inputs: number, outputs: number, kernel: number, stride = 1): nn.Conv2d {
  return new nn.Conv2d(inputs, outputs, kernel, { stride, padding: (kernel - 1) / 2, bias: false, init: nn.heNormal });
}

// Nothing reads batch norm's outputs but these two, so they write over them, which makes steps about 7% faster. A recorder
// is to see what goes in and what comes out.
const relu = (fresh: Tensor) => (recording() ? ops.relu(fresh) : ops.relu_(fresh));
const plus = (fresh: Tensor, other: Tensor) => (recording() ? fresh.add(other) : fresh.add_(other));

/** norm(conv(x)). */
function convNorm(conv: nn.Module, norm: nn.Module, input: Tensor): Tensor {
  return norm.forward(conv.forward(input));
}

/** relu(norm(conv(x))). */
export function convNormRelu(conv: nn.Module, norm: nn.Module, input: Tensor): Tensor {
  return relu(convNorm(conv, norm, input));
}

/** relu(norm(conv(x)) + shortcut): how a residual block ends. */
export function convNormAddRelu(conv: nn.Module, norm: nn.Module, input: Tensor, shortcut: Tensor): Tensor {
  return relu(plus(convNorm(conv, norm, input), shortcut));
}

/** relu(norm(x)): how a pre-activation block begins. */
export function normRelu(norm: nn.Module, input: Tensor): Tensor {
  return relu(norm.forward(input));
}

/** conv(x) + shortcut: how a pre-activation block ends. */
export function convAdd(conv: nn.Module, input: Tensor, shortcut: Tensor): Tensor {
  return plus(conv.forward(input), shortcut);
}

/** The mean over each channel's pixels, (n, channels); at the authors' 4 x 4 (8 x 8 in wide networks) their avg_pool. */
export function globalAverage(input: Tensor): Tensor {
  return ops.adaptiveAvgPool2d(input, [1, 1]).flatten({ startDim: 1 });
}

/**
 * Runs one block of a network and gives back its inner activations when it ends (autograd holds on to those it needs),
 * unless a recorder is to read them.
 */
export function block(body: () => Tensor): Tensor {
  return recording() ? body() : scope(body);
}
