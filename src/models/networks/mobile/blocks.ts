// The blocks of MobileNetV3 and EfficientNet, with torchvision's names: inverted bottlenecks with squeeze and excitation.
import { nn, ops, type Tensor } from "../../../torch/index.js";
import { scopeUnlessRecording } from "../../../torch/recorder.js";

export type Activation = () => nn.Module;

/** The multiple of `divisor` that is nearest to a number of channels, at least 90% of it. */
export function roundChannels(channels: number, divisor = 8): number {
  const rounded = Math.max(divisor, Math.floor((channels + divisor / 2) / divisor) * divisor);
  return rounded < 0.9 * channels ? rounded + divisor : rounded;
}

interface UnitOptions {
  readonly kernel: number;
  readonly stride?: number;
  readonly groups?: number;
  readonly norm: nn.BatchNormOptions;
  readonly activation?: Activation | undefined;
}

/** Convolution of "same" padding without bias, batch norm, activation. */
export function unit(inputs: number, outputs: number, options: UnitOptions): nn.Sequential {
  const { kernel, stride = 1, groups = 1, norm, activation } = options;
  const shape = { stride, groups, padding: (kernel - 1) / 2, bias: false, init: nn.heNormal };
  return new nn.Sequential(
    new nn.Conv2d(inputs, outputs, kernel, shape),
    new nn.BatchNorm2d(outputs, norm),
    ...(activation === undefined ? [] : [activation()]),
  );
}

export interface SqueezeOptions {
  readonly squeezed: number;
  readonly activation: Activation;
  readonly gate: Activation;
}

/** x * gate(fc2(activation(fc1(mean of x)))), by channel. @see Hu et al. 2018, arXiv 1709.01507 */
class SqueezeExcitation extends nn.Module {
  readonly fc1: nn.Conv2d;
  readonly fc2: nn.Conv2d;
  readonly #activation: nn.Module;
  readonly #gate: nn.Module;

  constructor(channels: number, { squeezed, activation, gate }: SqueezeOptions) {
    super();
    const init = { init: nn.heNormal, biasInit: nn.zeros };
    this.fc1 = new nn.Conv2d(channels, squeezed, 1, init);
    this.fc2 = new nn.Conv2d(squeezed, channels, 1, init);
    this.#activation = activation();
    this.#gate = gate();
  }

  override forward(x: Tensor): Tensor {
    return scopeUnlessRecording(() => {
      const squeezed = this.#activation.forward(this.fc1.forward(ops.adaptiveAvgPool2d(x, [1, 1])));
      return x.mul(this.#gate.forward(this.fc2.forward(squeezed)));
    });
  }
}

export interface InvertedOptions {
  readonly inputs: number;
  readonly expanded: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  readonly norm: nn.BatchNormOptions;
  readonly activation: Activation;
  readonly squeeze: SqueezeOptions | null;
  readonly dropPath?: number;
}

/** A 1 x 1 convolution to more channels, a depthwise one, squeeze and excitation, a 1 x 1 one to fewer; added where sizes agree. */
export class InvertedBottleneck extends nn.Module {
  readonly block: nn.Sequential;
  readonly #adds: boolean;
  readonly #dropPath: nn.DropPath;

  constructor({ inputs, expanded, outputs, kernel, stride, norm, activation, squeeze, dropPath = 0 }: InvertedOptions) {
    super();
    this.#adds = stride === 1 && inputs === outputs;
    this.#dropPath = new nn.DropPath(dropPath);
    this.block = new nn.Sequential(
      ...(expanded === inputs ? [] : [unit(inputs, expanded, { kernel: 1, norm, activation })]),
      unit(expanded, expanded, { kernel, stride, groups: expanded, norm, activation }),
      ...(squeeze === null ? [] : [new SqueezeExcitation(expanded, squeeze)]),
      unit(expanded, outputs, { kernel: 1, norm }),
    );
  }

  override *children(): Generator<[string, nn.Module]> {
    yield ["block", this.block];
    yield ["dropPath", this.#dropPath];
  }

  override forward(x: Tensor): Tensor {
    return scopeUnlessRecording(() => {
      const mapped = this.block.forward(x);
      return this.#adds ? this.#dropPath.forward(mapped).add(x) : mapped;
    });
  }
}
