// The pre-activation residual unit, of pre-activation and wide ResNets.
import { nn } from "../../torch/index.js";
import { convolution } from "./blocks.js";

/**
 * conv2(relu(bn2(conv1(a)))) + shortcut, a = relu(bn1(x)); the shortcut is x, or convShortcut(a) where channels change.
 * With `activated` the input is activated already: a = x, and there is no bn1.
 * @see He et al. 2016, figure 4 e (arXiv 1603.05027)
 */
export class PreActivation extends nn.Block {
  readonly bn1: nn.BatchNorm2d | null;
  readonly conv1: nn.Conv2d;
  readonly bn2: nn.BatchNorm2d;
  readonly conv2: nn.Conv2d;
  readonly convShortcut: nn.Conv2d | null;

  constructor(inputs: number, outputs: number, stride: number, { activated = false } = {}) {
    super();
    this.bn1 = activated ? null : new nn.BatchNorm2d(inputs);
    this.conv1 = convolution(inputs, outputs, 3, stride);
    this.bn2 = new nn.BatchNorm2d(outputs);
    this.conv2 = convolution(outputs, outputs, 3);
    this.convShortcut = inputs === outputs ? null : convolution(inputs, outputs, 1, stride);
  }

  override trace(x: nn.Maps): nn.Maps {
    const active = this.bn1 === null ? x : x.norm(this.bn1).relu();
    const shortcut = this.convShortcut === null ? x : active.convolve(this.convShortcut);
    return active.convolve(this.conv1).norm(this.bn2).relu().convolve(this.conv2).add(shortcut);
  }
}
